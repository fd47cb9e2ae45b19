import type { DraftKey } from '../draft.ts'
import { button, form, proof } from '../fields.ts'
import { type Content, html, type Safe } from '../html.ts'
import type { Errors, Page } from '../layout.ts'
import type { Upload } from '../store.ts'
import type { Visit } from '../visit.ts'
import { stepCount } from './questions.ts'

export type FilesPage = {
  readonly csrf: string
  readonly key: DraftKey
  readonly files: readonly Upload[]
  readonly errors: Errors
  readonly fromCheck: boolean
  readonly limits: { readonly maxCount: number; readonly maxBytes: number }
}

export function filesPage(visit: Visit, p: FilesPage): Page {
  const { say, base } = visit
  const action = `${base}/complain/files${p.fromCheck ? '?from=check' : ''}`
  const body = html`<h1>${say('files.title')} <small>${say('page.optional')}</small></h1>
${limitsHint(visit, p.limits)}
${fileList(visit, p.files, (file) => removal(visit, p.csrf, file, p.fromCheck))}
${form(
  p.csrf,
  action,
  html`${fileInputs(visit)}
${button(say('files.add'), { name: 'do', value: 'add', second: true })}
${button(say('page.continue'), { name: 'do', value: 'next' })}`,
  true,
)}`
  const failed = Object.keys(p.errors).length > 0
  return {
    title: say('files.title'),
    step: { n: 4, of: stepCount },
    back: p.fromCheck ? '/complain/check' : '/complain/want',
    errors: p.errors,
    ...(failed ? { status: 422 } : {}),
    body,
  }
}

export function limitsHint(visit: Visit, limits: FilesPage['limits']): Safe {
  const size = Math.floor(limits.maxBytes / 2 ** 20)
  return html`<p class="hint">${visit.say('files.limits', { count: limits.maxCount, size })} ${visit.say('files.stripped')}</p>`
}

/** Photo, voice and anything else; a phone offers its camera and recorder for the first two. */
export function fileInputs(visit: Visit): Safe {
  const { say } = visit
  return html`<div class="f"><label for="photo">${say('files.photo')}</label><input type="file" id="photo" name="photo" accept="image/*" multiple></div>
<div class="f"><label for="voice">${say('files.voice')}</label><input type="file" id="voice" name="voice" accept="audio/*" multiple>
<button class="text" type="button" hidden data-js data-record data-start="${say('files.record')}" data-stop="${say('files.stop')}">${say('files.record')}</button></div>
<div class="f"><label for="other">${say('files.other')}</label><input type="file" id="other" name="other" multiple></div>`
}

export function fileList(visit: Visit, files: readonly Upload[], extra: (file: Upload) => Content): Content {
  if (files.length === 0) return undefined
  const items = files.map((f) => html`<li><span>${fileName(visit, f)}</span>${extra(f)}</li>`)
  return html`<h2>${visit.say('files.list')}</h2><ul class="files">${items}</ul>`
}

export function fileName(visit: Visit, file: { name: string; size: number }): string {
  const size =
    file.size < 2 ** 20 ? `${Math.max(1, Math.round(file.size / 1024))} KB` : `${(file.size / 2 ** 20).toFixed(1)} MB`
  return visit.say('status.file', { name: file.name, size })
}

function removal(visit: Visit, csrf: string, file: Upload, fromCheck: boolean): Safe {
  const label = visit.say('files.remove')
  return html`<form method="post" action="${visit.base}/complain/files/remove${fromCheck && '?from=check'}">${proof(csrf)}<input type="hidden" name="id" value="${file.id}"><button class="text" type="submit" aria-label="${label}: ${file.name}">${label}</button></form>`
}
