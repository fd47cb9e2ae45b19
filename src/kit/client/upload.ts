import { persist, readReply } from './call.ts'
import { randomUuid } from './uuid.ts'

/** What the server says of a stored file. */
export type Uploaded = { readonly id: string; readonly name: string; readonly size: number; readonly mediaType: string }

/** Stores one file (`multipart/form-data`, field `file`); it belongs to the uploader until a complaint takes it. */
export async function upload(file: File, signal?: AbortSignal): Promise<Uploaded> {
  const form = new FormData()
  form.append('file', file, file.name)
  const headers = { accept: 'application/json', 'idempotency-key': randomUuid() }
  const request = { method: 'POST', headers, body: form, credentials: 'same-origin' } as const
  return (await readReply(await persist('/api/v1/attachments', request, signal))) as Uploaded
}

/** Where a stored file is downloaded. */
export function downloadAddress(attachmentId: string): string {
  return `/api/v1/attachments/${encodeURIComponent(attachmentId)}`
}
