import type { Answers } from '../draft.ts'
import { button, choice, fieldError, form, longText, shortText, tick } from '../fields.ts'
import { html, type Safe } from '../html.ts'
import type { Errors, Page } from '../layout.ts'
import type { PlaceRow, Privacy, ProductRow } from '../store.ts'
import type { Visit } from '../visit.ts'
import { labelIn } from '../words.ts'
import { privacyNotice } from './privacy.ts'

export const stepCount = 6
export type Step = 'what' | 'about' | 'want' | 'you'

export type Asked = {
  readonly csrf: string
  readonly answers: Answers
  readonly errors: Errors
  readonly lists: { readonly places: readonly PlaceRow[]; readonly products: readonly ProductRow[] }
  readonly fromCheck: boolean
  /** What the organisation has set for its privacy notice. */
  readonly privacy?: Privacy | undefined
}

/** One question a page. */
export const pages: Readonly<Record<Step, (visit: Visit, asked: Asked) => Page>> = {
  what(visit, { csrf, answers, errors, fromCheck }) {
    const { say } = visit
    const field = { id: 'text', label: say('what.title'), hint: say('what.hint'), value: answers.text, errors }
    const body = form(
      csrf,
      action(visit, 'what', fromCheck),
      html`${longText(field, { heading: true, rows: 8 })}${hurt(visit, answers.hurt)}${staff(visit, answers.staff)}${button(say('page.continue'))}`,
    )
    return page(visit, 'what.title', 1, fromCheck ? '/complain/check' : '/', body)
  },
  about(visit, { csrf, answers, errors, lists, fromCheck }) {
    const { say, locale } = visit
    const options = (rows: readonly { id: string; name: PlaceRow['name'] }[]) => [
      { value: '', label: say('about.unsure') },
      ...rows.map((r) => ({ value: r.id, label: labelIn(r.name, locale) })),
    ]
    const optional = (text: string) => html`${text} <small>${say('page.optional')}</small>`
    const body = form(
      csrf,
      action(visit, 'about', fromCheck),
      html`<h1>${say('about.title')}</h1><p class="hint">${say('about.hint')}</p>
${lists.places.length > 0 && choice({ id: 'placeId', label: optional(say('about.place')), value: answers.placeId, errors }, options(lists.places))}
${lists.products.length > 0 && choice({ id: 'productId', label: optional(say('about.product')), value: answers.productId, errors }, options(lists.products))}
${shortText({ id: 'orderNo', label: optional(say('about.order')), value: answers.orderNo, errors })}
${button(say('page.continue'))}`,
    )
    return page(visit, 'about.title', 2, fromCheck ? '/complain/check' : '/complain/what', body)
  },
  want(visit, { csrf, answers, errors, fromCheck }) {
    const { say } = visit
    const label = html`${say('want.title')} <small>${say('page.optional')}</small>`
    const field = { id: 'remedySought', label, hint: say('want.hint'), value: answers.remedySought, errors }
    const body = form(
      csrf,
      action(visit, 'want', fromCheck),
      html`${longText(field, { heading: true, rows: 4 })}${button(say('page.continue'))}`,
    )
    return page(visit, 'want.title', 3, fromCheck ? '/complain/check' : '/complain/about', body)
  },
  you(visit, { csrf, answers, errors, fromCheck, privacy }) {
    const { say } = visit
    const body = form(
      csrf,
      action(visit, 'you', fromCheck),
      html`<fieldset${errors.mode && html` aria-describedby="mode-error"`}><legend><h1>${say('you.title')}</h1></legend>
${fieldError('mode', errors)}${modes(visit, answers.mode)}</fieldset>
${privacyNotice(visit, privacy)}
<fieldset data-contact><legend><h2>${say('you.contact')}</h2></legend><p class="hint">${say('you.contact.hint')}</p>
${shortText({ id: 'name', label: say('you.name'), value: answers.name, errors }, 'text', 'name')}
<p class="hint">${say('you.one')}</p>
${shortText({ id: 'mail', label: say('you.mail'), value: answers.mail, errors }, 'email', 'email')}
${shortText({ id: 'phone', label: say('you.phone'), hint: say('you.phone.hint'), value: answers.phone, errors }, 'tel', 'tel')}
<details${(answers.address || errors.address) && html` open`}><summary>${say('you.post')}</summary>
${longText({ id: 'address', label: say('you.address'), hint: say('you.address.hint'), value: answers.address, errors }, { rows: 3 })}
${shortText({ id: 'country', label: say('you.country'), value: answers.country, errors }, 'text', 'country-name')}</details></fieldset>
<fieldset data-contact><legend><h2>${say('you.behalf')}</h2></legend>${behalf(visit, answers, errors)}</fieldset>
${button(say('page.continue'))}`,
    )
    return page(visit, 'you.title', 5, fromCheck ? '/complain/check' : '/complain/files', body)
  },
}

/** One question: what it says sets the flag that makes somebody look at once. */
function hurt(visit: Visit, chosen: Answers['hurt']): Safe {
  const { say } = visit
  return html`<fieldset><legend>${say('what.hurt')}</legend><p class="hint">${say('what.danger')}</p>${radios('hurt', ['no', 'yes'], chosen, (v) => say(`what.hurt.${v}`))}</fieldset>`
}

/** One question: yes keeps it from everybody but those responsible, before anybody who works here has read it. */
function staff(visit: Visit, chosen: Answers['staff']): Safe {
  const { say } = visit
  return html`<fieldset><legend>${say('what.staff')}</legend><p class="hint">${say('what.staff.hint')}</p>${radios('staff', ['no', 'yes'], chosen, (v) => say(`what.staff.${v}`))}</fieldset>`
}

function behalf(visit: Visit, answers: Answers, errors: Errors): Safe {
  const { say } = visit
  return html`${radios('behalf', ['self', 'other'], answers.behalf, (v) => say(`you.behalf.${v}`))}
${shortText({ id: 'behalfName', label: say('you.behalf.name'), hint: say('you.behalf.hint'), value: answers.behalfName, errors })}
${shortText({ id: 'relation', label: say('you.behalf.relation'), value: answers.relation, errors })}
${tick('authorised', 'authorised', say('you.behalf.authorised'), answers.authorised === 'yes')}`
}

function radios<V extends string>(name: string, values: readonly V[], chosen: string, label: (value: V) => string) {
  return values.map((value) => {
    const id = `${name}-${value}`
    return html`<div class="c"><input type="radio" id="${id}" name="${name}" value="${value}"${value === chosen && html` checked`}><label for="${id}">${label(value)}</label></div>`
  })
}

function modes(visit: Visit, chosen: string): readonly Safe[] {
  return (['named', 'confidential', 'anonymous'] as const).map(
    // The first choice bears the name of the question, so that the error above leads to it.
    (m, i) => {
      const id = i === 0 ? 'mode' : `mode-${m}`
      return html`<div class="c"><input type="radio" id="${id}" name="mode" value="${m}"${m === chosen && html` checked`} aria-describedby="${id}-hint"><label for="${id}">${visit.say(`you.${m}`)}<small id="${id}-hint">${visit.say(`you.${m}.hint`)}</small></label></div>`
    },
  )
}

function action(visit: Visit, step: Step, fromCheck: boolean): string {
  return `${visit.base}/complain/${step}${fromCheck ? '?from=check' : ''}`
}

function page(visit: Visit, title: Parameters<Visit['say']>[0], n: number, back: string, body: Safe): Page {
  return { title: visit.say(title), step: { n, of: stepCount }, back, body }
}
