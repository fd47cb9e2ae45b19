import { persist, readReply } from '../../kit/client/call.ts'
import { randomUuid } from '../../kit/client/uuid.ts'
import { importFilesPath } from '../contract.ts'

/** Puts a file where it waits for its mapping; gives the import it will be. */
export async function sendFile(file: File): Promise<string> {
  const form = new FormData()
  form.append('file', file, file.name)
  const headers = { accept: 'application/json', 'idempotency-key': randomUuid() }
  const reply = await persist(importFilesPath, { method: 'POST', headers, body: form, credentials: 'same-origin' })
  return ((await readReply(reply)) as { id: string }).id
}
