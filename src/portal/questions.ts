import { emptyForm, type Form } from './form.ts'
import type { Answers } from './draft.ts'
import type { Errors } from './layout.ts'
import type { Say } from './words.ts'

export const maxText = 20_000
const maxWant = 2_000
const maxOrder = 100
const maxName = 200
const maxAddress = 500
const maxCountry = 60
const maxBehalf = 120
const maxRelation = 60

/** The known places and products of the organisation, by id. */
export type Lists = { readonly places: readonly { id: string }[]; readonly products: readonly { id: string }[] }

export type Checked = { readonly answers: Partial<Answers>; readonly errors: Errors }

/** Each question: what was given (kept even when wrong, so that no words are lost) and what is wrong with it. */
export const questions = {
  what(form: Form, say: Say): Checked {
    const text = form.text('text')
    const error = text === '' ? say('what.empty') : text.length > maxText ? say('what.long', { max: maxText }) : ''
    return checked({ text, hurt: yesOrNo(form, 'hurt'), staff: yesOrNo(form, 'staff') }, { text: error })
  },
  about(form: Form, say: Say, lists: Lists): Checked {
    const given = { placeId: form.line('placeId'), productId: form.line('productId'), orderNo: form.line('orderNo') }
    const unknown = (id: string, list: readonly { id: string }[]) =>
      id !== '' && !list.some((l) => l.id === id) ? say('about.unknown') : ''
    return checked(given, {
      placeId: unknown(given.placeId, lists.places),
      productId: unknown(given.productId, lists.products),
      orderNo: given.orderNo.length > maxOrder ? say('about.order.long', { max: maxOrder }) : '',
    })
  },
  want(form: Form, say: Say): Checked {
    const remedySought = form.text('remedySought')
    return checked(
      { remedySought },
      { remedySought: remedySought.length > maxWant ? say('want.long', { max: maxWant }) : '' },
    )
  },
  you(form: Form, say: Say): Checked {
    const mode = modeOf(form.line('mode'))
    if (mode === 'anonymous') return checked({ mode, ...unnamed, ...behalfOf(emptyForm) }, {})
    const behalf = behalfOf(form)
    const [name, mail, phone] = [form.line('name'), form.line('mail'), form.line('phone')]
    const given = { mode, name, mail, phone, address: form.text('address'), country: form.line('country'), ...behalf }
    return checked(given, {
      mode: mode === '' ? say('you.mode.empty') : '',
      name: mode === '' ? '' : nameError(given.name, say),
      mail: mode === '' ? '' : contactError(given.mail, given.phone, say),
      phone: given.phone !== '' && !isPhone(given.phone) ? say('you.phone.bad') : '',
      address: given.address.length > maxAddress ? say('you.long', { max: maxAddress }) : '',
      country: given.country.length > maxCountry ? say('you.long', { max: maxCountry }) : '',
      behalfName: behalf.behalf === 'other' ? behalfError(behalf.behalfName, say) : '',
      relation: behalf.relation.length > maxRelation ? say('you.long', { max: maxRelation }) : '',
    })
  },
}

const unnamed = { name: '', mail: '', phone: '', address: '', country: '' } as const

/** For whom it is said; what was typed about somebody else goes when it is for oneself. */
function behalfOf(form: Form): Pick<Answers, 'behalf' | 'behalfName' | 'relation' | 'authorised'> {
  const said = form.line('behalf')
  const other = said === 'other' || (said === '' && form.line('behalfName') !== '')
  if (!other) return { behalf: said === 'self' ? 'self' : '', behalfName: '', relation: '', authorised: '' }
  return {
    behalf: 'other',
    behalfName: form.line('behalfName'),
    relation: form.line('relation'),
    authorised: form.line('authorised') === 'yes' ? 'yes' : '',
  }
}

function behalfError(name: string, say: Say): string {
  if (name === '') return say('you.behalf.empty')
  return name.length > maxBehalf ? say('you.long', { max: maxBehalf }) : ''
}

function yesOrNo(form: Form, name: string): 'yes' | 'no' | '' {
  const said = form.line(name)
  return said === 'yes' || said === 'no' ? said : ''
}

function modeOf(given: string): Answers['mode'] {
  return given === 'named' || given === 'confidential' || given === 'anonymous' ? given : ''
}

function nameError(name: string, say: Say): string {
  if (name === '') return say('you.name.empty')
  return name.length > maxName ? say('you.long', { max: maxName }) : ''
}

function contactError(mail: string, phone: string, say: Say): string {
  if (mail === '') return phone === '' ? say('you.contact.empty') : ''
  return isMail(mail) ? '' : say('you.mail.bad')
}

/** One address and nothing that could become a second recipient or a header. */
function isMail(mail: string): boolean {
  return (
    mail.length <= 320 &&
    /^[^\s@<>()[\],;:"\\]{1,64}@[^\s@<>()[\],;:"\\]{1,250}\.[^\s@<>()[\],;:"\\.]{2,63}$/u.test(mail)
  )
}

function isPhone(phone: string): boolean {
  const plain = phone.normalize('NFKC')
  return plain.length <= 40 && /^[+\d][\d\s()#./x-]*$/i.test(plain) && plain.replace(/\D/g, '').length >= 5
}

function checked(answers: Partial<Answers>, errors: Record<string, string>): Checked {
  return { answers, errors: Object.fromEntries(Object.entries(errors).filter(([, text]) => text !== '')) }
}

/** The first question that still needs an answer before sending, if any. */
export function missing(answers: Answers): 'what' | 'you' | undefined {
  if (answers.text.trim() === '' || answers.text.length > maxText) return 'what'
  if (answers.mode === '') return 'you'
  if (answers.mode !== 'anonymous' && (answers.name === '' || (answers.mail === '' && answers.phone === '')))
    return 'you'
  return undefined
}
