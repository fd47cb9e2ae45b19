import type { Answers } from '../draft.ts'
import { button, form, proof, tick } from '../fields.ts'
import { type Content, html, lines, type Safe } from '../html.ts'
import type { Errors, Page } from '../layout.ts'
import type { PlaceRow, ProductRow, Upload } from '../store.ts'
import type { Visit } from '../visit.ts'
import { labelIn } from '../words.ts'
import { fileName } from './files.ts'
import { stepCount } from './questions.ts'

export type CheckPage = {
  readonly csrf: string
  readonly answers: Answers
  readonly files: readonly Upload[]
  /** Files an anonymous sender has to decide on. */
  readonly unclean: readonly Upload[]
  readonly lists: { readonly places: readonly PlaceRow[]; readonly products: readonly ProductRow[] }
  readonly errors: Errors
}

export function checkPage(visit: Visit, p: CheckPage): Page {
  const { say, base } = visit
  const { answers } = p
  const place = p.lists.places.find((l) => l.id === answers.placeId)
  const failed = Object.keys(p.errors).length > 0
  return {
    title: say('check.title'),
    step: { n: 6, of: stepCount },
    back: '/complain/you',
    errors: p.errors,
    ...(failed ? { status: 422 } : {}),
    ...(place ? { jurisdictions: [place.jurisdiction] } : {}),
    body: html`<h1>${say('check.title')}</h1>
<dl class="sum">
${row(visit, 'what', say('check.what'), lines(answers.text))}
${row(visit, 'what', say('what.hurt'), answers.hurt === '' ? say('page.none') : say(`what.hurt.${answers.hurt}`))}
${row(visit, 'what', say('what.staff'), answers.staff === '' ? say('page.none') : say(`what.staff.${answers.staff}`))}
${row(visit, 'about', say('check.about'), about(visit, p, place))}
${row(visit, 'want', say('check.want'), answers.remedySought ? lines(answers.remedySought) : say('page.none'))}
${row(visit, 'files', say('check.files'), p.files.length > 0 ? stacked(p.files.map((f) => fileName(visit, f))) : say('page.none'))}
${row(visit, 'you', say('check.you'), who(visit, answers))}
</dl>
${form(p.csrf, `${base}/complain/check`, html`${unclean(visit, p)}${button(say('check.send'))}`)}
${p.unclean.map((f) => removal(visit, p.csrf, f))}`,
  }
}

function row(visit: Visit, step: string, label: string, value: Content): Safe {
  const change = visit.say('page.change')
  return html`<div><dt>${label}</dt><dd>${value}</dd><dd class="a"><a href="${visit.base}/complain/${step}?from=check" aria-label="${change}: ${label}">${change}</a></dd></div>`
}

function stacked(texts: readonly string[]): Content {
  return texts.map((t, i) => html`${i > 0 && html`<br>`}${t}`)
}

function about(visit: Visit, p: CheckPage, place: PlaceRow | undefined): Content {
  const product = p.lists.products.find((l) => l.id === p.answers.productId)
  const known = [
    place && labelIn(place.name, visit.locale),
    product && labelIn(product.name, visit.locale),
    p.answers.orderNo,
  ]
  const given = known.filter((text): text is string => Boolean(text))
  return given.length > 0 ? stacked(given) : visit.say('page.none')
}

function who(visit: Visit, { mode, name, mail, phone, address, country, ...behalf }: Answers): Content {
  if (mode === '') return visit.say('page.none')
  const forWhom =
    behalf.behalf === 'other'
      ? [
          visit.say('you.behalf.for', { name: behalf.behalfName }),
          behalf.relation,
          visit.say(behalf.authorised === 'yes' ? 'you.behalf.agreed' : 'you.behalf.not-agreed'),
        ]
      : []
  return stacked([
    visit.say(`you.${mode}`),
    ...[name, mail, phone, ...(address ? [...address.split('\n'), country] : []), ...forWhom].filter(
      (text) => text !== '',
    ),
  ])
}

function unclean(visit: Visit, p: CheckPage): Content {
  if (p.unclean.length === 0) return undefined
  return html`<fieldset><legend>${visit.say('check.unclean')}</legend>
<ul>${p.unclean.map((f) => html`<li>${fileName(visit, f)}</li>`)}</ul>
${tick('keep', 'keep', visit.say('check.unclean.keep'), false, p.errors)}</fieldset>`
}

function removal(visit: Visit, csrf: string, file: Upload): Safe {
  return html`<form method="post" action="${visit.base}/complain/files/remove">${proof(csrf)}<input type="hidden" name="to" value="check"><input type="hidden" name="id" value="${file.id}"><button class="text" type="submit">${visit.say('files.remove')}: ${file.name}</button></form>`
}
