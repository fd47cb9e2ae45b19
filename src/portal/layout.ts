import { script, style } from './assets.ts'
import { type Content, html, Safe } from './html.ts'
import { outsideRoutes } from './outside-routes.ts'
import type { Visit } from './visit.ts'
import { labelIn, locales, speaker } from './words.ts'

/** What is wrong with an answer, by the id of its field; shown above and beside the field. */
export type Errors = Readonly<Record<string, string>>
export const noErrors: Errors = {}

export type Page = {
  readonly title: string
  readonly body: Content
  readonly status?: number
  readonly errors?: Errors
  /** Path within the portal of the link back. */
  readonly back?: string
  /** Whose words are typed here (`wordsOf`); a tab gives words not yet sent back to none but them. */
  readonly words?: string
  readonly step?: { readonly n: number; readonly of: number }
  /** Jurisdictions to name; absent: all of the organisation's. */
  readonly jurisdictions?: readonly string[]
}

/** The whole page as text. */
export function pageOf(visit: Visit, page: Page): string {
  const { say } = visit
  const errors = Object.entries(page.errors ?? {})
  const name = labelIn(visit.org.name, visit.locale)
  const titled = errors.length > 0 ? `${say('page.error')}: ${page.title}` : page.title
  return shell(
    visit.locale,
    `${titled} - ${name}`,
    html`<a class="skip" href="#main">${say('page.skip')}</a>
<header><a href="${visit.base}/"><b>${name}</b></a>${languages(visit)}</header>
<main id="main"${page.words !== undefined && html` data-words="${page.words}"`}>
${page.back !== undefined && html`<a class="back" href="${visit.base}${page.back}">‹ ${say('page.back')}</a>`}
${page.step && html`<p class="step">${say('page.step', page.step)}</p>`}
${errorSummary(say('page.error'), errors)}
${page.body}
${outside(visit, page.jurisdictions ?? visit.jurisdictions)}
</main>
<footer><p>${say('page.free')}</p></footer>`,
  )
}

export function shell(locale: string, title: string, body: Safe): string {
  return html`${new Safe('<!doctype html>')}
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="${style.path}">
<script type="module" src="${script.path}"></script>
</head>
<body>
${body}
</body>
</html>
`.markup
}

function languages(visit: Visit): Safe {
  const links = locales
    .filter((l) => l !== visit.locale)
    .map((l) => {
      const name = speaker(l, visit.org.termSet)('lang.name')
      return html`<a href="${visit.base}${visit.here}?lang=${l}" hreflang="${l}" lang="${l}">${name}</a>`
    })
  return html`<nav aria-label="${visit.say('lang.choose')}">${links}</nav>`
}

function errorSummary(title: string, errors: readonly (readonly [string, string])[]): Content {
  if (errors.length === 0) return undefined
  const items = errors.map(([field, text]) => html`<li><a href="#${field}">${text}</a></li>`)
  return html`<div class="errors" role="alert" tabindex="-1" autofocus><h2>${title}</h2><ul>${items}</ul></div>`
}

function outside(visit: Visit, jurisdictions: readonly string[]): Safe {
  const { say } = visit
  const ladders = outsideRoutes(jurisdictions, visit.locale)
  const colon = visit.locale === 'en' ? ': ' : '：'
  const items = ladders.map(
    ({ jurisdiction, steps }) =>
      html`<li>${ladders.length > 1 && html`<b>${say(jurisdiction)}</b>${colon}`}${steps.map((s) => say(s)).join(' → ')}</li>`,
  )
  return html`<aside class="out"><h2>${say('outside.title')}</h2><p>${say('outside.text')}</p><ul>${items}</ul></aside>`
}
