import type { FastifyReply } from 'fastify'
import { draftOf, fromCheck } from './complain.ts'
import { type DraftKey, draftCsrf, heldKey } from './draft.ts'
import { readForm } from './form.ts'
import { admit, type Counters, provenDraft } from './guard.ts'
import { type Errors, noErrors, type Page } from './layout.ts'
import { maxFiles, takeForm } from './multipart.ts'
import { filesPage } from './pages/files.ts'
import { inScope } from './scope.ts'
import { removeUpload, type Upload, uploads } from './store.ts'
import { seeOther, type Visit } from './visit.ts'

export function draftUploader(key: { id: string }): string {
  return `portal:${key.id}`
}

export function draftFiles(visit: Visit, key: DraftKey): Promise<Upload[]> {
  return inScope(visit, (tx) => uploads(tx, visit.org.id, draftUploader(key)))
}

export async function showFiles(visit: Visit): Promise<Page | FastifyReply> {
  const key = heldKey(visit)
  const draft = key && (await draftOf(visit, key))
  if (!key || !draft) return seeOther(visit, '/complain/what')
  if (draft.complaintId) return seeOther(visit, '/complain/done')
  return page(visit, key, noErrors)
}

/** Adds the chosen files; "continue" with files chosen but not yet added takes them along. */
export async function addFiles(visit: Visit, counters: Counters): Promise<Page | FastifyReply> {
  admit(visit, counters, 'upload')
  let key: DraftKey | undefined
  const { form, errors } = await takeForm(visit, async (form) => {
    key = provenDraft(visit, form.line('_csrf'))
    const draft = await draftOf(visit, key)
    const room = !draft || draft.complaintId ? 0 : maxFiles - (await draftFiles(visit, key)).length
    // Pictures are always freed of metadata; other kinds are asked about once it is known who stays anonymous.
    return { uploader: draftUploader(key), room, cleanOnly: false }
  })
  if (!key) return seeOther(visit, '/complain/what')
  if (Object.keys(errors).length > 0) return page(visit, key, errors)
  if (form.line('do') === 'add') return seeOther(visit, `/complain/files${fromCheck(visit) ? '?from=check' : ''}`)
  return seeOther(visit, `/complain/${fromCheck(visit) ? 'check' : 'you'}`)
}

export async function dropFile(visit: Visit, counters: Counters): Promise<FastifyReply> {
  admit(visit, counters, 'upload')
  const form = readForm(String(visit.request.body ?? ''))
  const key = provenDraft(visit, form.line('_csrf'))
  const id = form.line('id')
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    await inScope(visit, (tx) => removeUpload(tx, visit.org.id, draftUploader(key), id), 'write')
  }
  return seeOther(
    visit,
    form.line('to') === 'check' ? '/complain/check' : `/complain/files${fromCheck(visit) ? '?from=check' : ''}`,
  )
}

async function page(visit: Visit, key: DraftKey, errors: Errors): Promise<Page> {
  return filesPage(visit, {
    csrf: draftCsrf(visit, key),
    key,
    files: await draftFiles(visit, key),
    errors,
    fromCheck: fromCheck(visit),
    limits: { maxCount: maxFiles, maxBytes: visit.app.config.maxUploadBytes },
  })
}
