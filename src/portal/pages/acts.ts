import { button, form, longText, tick } from '../fields.ts'
import { html } from '../html.ts'
import type { Errors, Page } from '../layout.ts'
import type { PublicView } from '../public-view.ts'
import type { Upload } from '../store.ts'
import type { Visit } from '../visit.ts'
import { fileInputs, fileList, limitsHint } from './files.ts'

export type ActPage = {
  readonly csrf: string
  readonly view: PublicView
  readonly text: string
  readonly errors: Errors
  /** Files of an earlier try, sent along with the next one. */
  readonly files: readonly Upload[]
  readonly limits: { readonly maxCount: number; readonly maxBytes: number }
}

type Render = (visit: Visit, page: ActPage) => Page

/** What the complainant may do with the opened complaint. */
export const actPages: Readonly<Record<'append' | 'withdraw' | 'request_review', Render>> = {
  append(visit, p) {
    const { say, base } = visit
    const text = { id: 'text', label: say('add.label'), value: p.text, errors: p.errors }
    const body = html`${longText(text)}${limitsHint(visit, p.limits)}${p.view.mode === 'anonymous' && tick('asis', 'asis', say('add.asis'))}${fileList(visit, p.files, () => undefined)}${fileInputs(visit)}${button(say('add.send'))}`
    return framed(
      visit,
      p,
      say('add.title'),
      html`<h1>${say('add.title')}</h1>${form(p.csrf, `${base}/track/add`, body, true)}`,
    )
  },
  withdraw(visit, p) {
    const { say, base } = visit
    const text = { id: 'text', label: say('withdraw.reason'), value: p.text, errors: p.errors }
    const body = html`${longText(text, { rows: 3 })}${tick('confirm', 'confirm', say('withdraw.confirm'), false, p.errors)}
${button(say('withdraw.go'))}<a class="btn s" href="${base}/track/status">${say('withdraw.keep')}</a>`
    return framed(
      visit,
      p,
      say('withdraw.title'),
      html`<h1>${say('withdraw.title')}</h1><p>${say('withdraw.text')}</p>${form(p.csrf, `${base}/track/withdraw`, body)}`,
    )
  },
  request_review(visit, p) {
    const { say, base } = visit
    const text = { id: 'text', label: say('review.label'), value: p.text, errors: p.errors }
    const body = html`${longText(text, { rows: 5 })}${button(say('review.go'))}`
    return framed(
      visit,
      p,
      say('review.title'),
      html`<h1>${say('review.title')}</h1><p>${say('status.unhappy.text')}</p>${form(p.csrf, `${base}/track/review`, body)}`,
    )
  },
}

function framed(_visit: Visit, p: ActPage, title: string, body: Page['body']): Page {
  return {
    title,
    back: '/track/status',
    body,
    ...(p.view.jurisdiction ? { jurisdictions: [p.view.jurisdiction] } : {}),
  }
}
