import { html } from '../html.ts'
import type { Page } from '../layout.ts'
import type { Visit } from '../visit.ts'

/** What it takes, how long, and the other ways; before anything is asked. */
export function startPage(visit: Visit, resuming: boolean): Page {
  const { say, base } = visit
  return {
    title: say('start.title'),
    body: html`<h1>${say('start.title')}</h1>
<p>${say('start.lead')}</p>
<p><b>${say('start.time')}</b> ${say('start.anonymous')}</p>
<h2>${say('start.need')}</h2>
<ul><li>${say('start.need.1')}</li><li>${say('start.need.2')}</li><li>${say('start.need.3')}</li></ul>
<p>${say('start.need.none')}</p>
<a class="btn" href="${base}/complain/new">${say(resuming ? 'start.resume' : 'start.go')}</a>
<a class="btn s" href="${base}/track">${say('start.track')}</a>`,
  }
}
