import { formatReference } from '../../kit/pure/base32.ts'
import { momentText } from '../dates.ts'
import { form } from '../fields.ts'
import { html } from '../html.ts'
import type { Page } from '../layout.ts'
import type { PublicClock } from '../public-clocks.ts'
import type { PublicView } from '../public-view.ts'
import type { Visit } from '../visit.ts'
import { nextDates, past, zoneNote, zoneOf } from './next-dates.ts'

export type DonePage = {
  readonly csrf: string
  readonly view: PublicView
  readonly clocks: readonly PublicClock[]
  readonly secret: string
}

/** The receipt: number, code, and what happens next by when. */
export function donePage(visit: Visit, { csrf, view, clocks, secret }: DonePage): Page {
  const { say, base } = visit
  const zone = zoneOf(visit, view)
  const reference = formatReference(view.publicRef)
  const code = formatReference(secret)
  return {
    title: say('done.title'),
    ...(view.jurisdiction ? { jurisdictions: [view.jurisdiction] } : {}),
    body: html`<h1>${say('done.title')}</h1>
<div class="ref"><dl><dt>${say('done.number')}</dt><dd class="big">${view.number}</dd>
<dt>${say('done.reference')}</dt><dd>${reference}</dd><dt>${say('done.secret')}</dt><dd>${code}</dd></dl>
<button class="text" type="button" hidden data-js data-copy="${`${view.number}\n${say('done.reference')} ${reference}\n${say('done.secret')} ${code}`}" data-copied="${say('done.copied')}">${say('done.copy')}</button>
<button class="text" type="button" hidden data-js data-print>${say('done.print')}</button></div>
<p><b>${say('done.once')}</b> ${view.mode === 'anonymous' && say('done.only')}</p>
<h2>${say('next.title')}</h2>
<ol class="line">${past(say('next.received', { at: momentText(view.receivedAt, zone, visit.locale) }))}${nextDates(visit, clocks, zone)}</ol>
${view.calledOn && html`<p>${say('status.call', { end: view.calledOn })}</p>`}
${zoneNote(visit, zone)}
<a class="btn" href="${base}/track">${say('done.track')}</a>
<p class="hint">${say('done.gone')}</p>
${form(csrf, `${base}/complain/done/clear`, html`<button class="text" type="submit">${say('done.end')}</button>`)}`,
  }
}
