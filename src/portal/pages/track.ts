import { button, shortText } from '../fields.ts'
import { html } from '../html.ts'
import type { Errors, Page } from '../layout.ts'
import type { Visit } from '../visit.ts'
import type { Word } from '../words.ts'

/** Asks for the reference and the secret; the secret typed before is never written back. */
export function trackPage(visit: Visit, p: { reference: string; errors: Errors; note?: Word | undefined }): Page {
  const { say, base } = visit
  const failed = Object.keys(p.errors).length > 0
  const fields = html`${shortText({ id: 'reference', label: say('done.reference'), value: p.reference, errors: p.errors }, 'text', 'off', 'code')}
${shortText({ id: 'secret', label: say('done.secret'), value: '', errors: p.errors }, 'text', 'off', 'code')}
${button(say('track.go'))}`
  return {
    title: say('track.title'),
    back: '/',
    errors: p.errors,
    ...(failed ? { status: 422 } : {}),
    body: html`<h1>${say('track.title')}</h1>
${p.note && html`<p class="good" role="status">${say(p.note)}</p>`}
<p class="hint">${say('track.hint')}</p>
<form method="post" action="${base}/track" novalidate>${fields}</form>
<p class="hint">${say('track.lost')}</p>`,
  }
}
