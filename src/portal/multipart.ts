import type { Readable } from 'node:stream'
import { defaultFileLimits } from '../kit/files/limits.ts'
import { peek, sniff } from '../kit/files/sniff.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { canBeAnonymous, storeUpload } from './doors.ts'
import { type Form, formOf } from './form.ts'
import type { Visit } from './visit.ts'
import { isWord } from './words.ts'

export const maxFiles = defaultFileLimits.maxCount

export type Taken = {
  readonly form: Form
  readonly ids: readonly string[]
  readonly errors: Readonly<Record<string, string>>
}

export type Upload = { readonly uploader: string; readonly room: number; readonly cleanOnly: boolean }

/**
 * Reads a form with files as it streams in. `prove` gets the fields before the first file and refuses a forged form
 * before one byte is stored; a file that cannot be taken is named in `errors` and the others go on.
 */
export async function takeForm(visit: Visit, prove: (form: Form) => Promise<Upload>): Promise<Taken> {
  const fields = new Map<string, string>()
  const form = formOf((name) => fields.get(name) ?? '')
  const ids: string[] = []
  const errors: Record<string, string> = {}
  let proven: Upload | undefined
  for await (const part of visit.request.parts(limits(visit))) {
    if (part.type === 'field') {
      fields.set(part.fieldname, typeof part.value === 'string' ? part.value : '')
      continue
    }
    if (!part.filename) {
      part.file.resume()
      continue
    }
    proven ??= await prove(form).catch((error: unknown) => {
      part.file.resume()
      throw error
    })
    const taken = await takeFile(visit, part, proven, ids.length)
    if ('id' in taken) ids.push(taken.id)
    else add(errors, fieldOf(part.fieldname), taken.error)
  }
  if (!proven) await prove(form)
  return { form, ids, errors }
}

function add(errors: Record<string, string>, field: string, error: string): void {
  errors[field] = errors[field] ? `${errors[field]} ${error}` : error
}

type FilePart = { filename: string; file: Readable }

async function takeFile(
  visit: Visit,
  part: FilePart,
  upload: Upload,
  taken: number,
): Promise<{ id: string } | { error: string }> {
  const name = shortName(part.filename)
  if (taken >= upload.room) {
    part.file.resume()
    return { error: visit.say('files.too-many', { count: maxFiles, name }) }
  }
  try {
    const { head, stream } = await peek(part.file)
    const { mime } = await sniff(head)
    const row = await storeUpload(visit.app, {
      org: visit.org.id,
      uploader: upload.uploader,
      stream,
      name: part.filename,
      now: visit.now,
      // What can be cleaned always is; only who stays anonymous is refused the rest.
      anonymous: upload.cleanOnly || canBeAnonymous(mime),
    })
    return { id: row.id }
  } catch (error) {
    part.file.resume()
    if (!(error instanceof RefusalError)) throw error
    const word = isWord(error.refusal.code) ? error.refusal.code : 'files.failed'
    return {
      error: visit.say(word, { name, count: maxFiles, size: Math.floor(visit.app.config.maxUploadBytes / 2 ** 20) }),
    }
  }
}

/** Ours answer first and by name; the parser then only stops feeding (its types do not know the switch). */
function limits(visit: Visit) {
  const fileSize = visit.app.config.maxUploadBytes + 2
  return { throwFileSizeLimit: false, limits: { fileSize, files: 40, fields: 20, fieldSize: 1_000_000, parts: 60 } }
}

function fieldOf(name: string): string {
  return ['photo', 'voice', 'other'].includes(name) ? name : 'other'
}

function shortName(name: string): string {
  const shown = name.toWellFormed().replace(/[\p{Cc}\p{Cf}]/gu, '')
  return shown.length > 60 ? `${shown.slice(0, 57).toWellFormed()}…` : shown
}
