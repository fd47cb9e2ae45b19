import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { assertRecording, callHash, type CallRow, callRowOf, textHash } from '../complaints/index.ts'
import type { NewPromise } from '../complaints/domain/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { StaffActor } from '../people/index.ts'
import type { Submission } from './record.ts'

// What a complaint taken by telephone brings beside its words: the call, a mark, what was promised in it.

type Where = { readonly tx: Tx; readonly actor: StaffActor; readonly now: number }

export type SpokenPromise = NewPromise & { readonly text: string; readonly salt: Buffer }

type Spoken = {
  readonly call: CallRow | undefined
  readonly promise: SpokenPromise | undefined
  /** What the first event says of the message beside its words. */
  readonly besideMessage: { readonly callHash?: string; readonly abusive?: true }
}

const nothing: Spoken = { call: undefined, promise: undefined, besideMessage: {} }

export async function spokenOf(
  where: Where,
  s: Submission,
  { salt, newId }: { salt: Buffer; newId: () => string },
): Promise<Spoken> {
  if (!s.call && !s.promise && !s.abusive) return nothing
  await assertRecording(where, s.call?.recordingId)
  const call = s.call && callRowOf(s.call, where.now)
  return {
    call,
    promise: s.promise && promiseOf(where, s.promise, newId),
    besideMessage: {
      ...(call ? { callHash: callHash(salt, call) } : {}),
      ...(s.abusive ? { abusive: true } : {}),
    },
  }
}

function promiseOf(
  { actor, now }: Where,
  { kind, text, dueAt: due, public: told }: NonNullable<Submission['promise']>,
  newId: () => string,
): SpokenPromise {
  const dueAt = Date.parse(due)
  if (dueAt <= now) throw new RefusalError({ code: 'complaints.promise-in-past', status: 422, facts: { dueAt: due } })
  const owner = actor.staffId ? { id: actor.staffId, chain: [] } : null
  const salt = randomBytes(16)
  const words = { wordsId: newId(), hash: textHash(salt, text) }
  return { kind, words, dueAt, owner, public: told, text, salt }
}

/** The words of the promise, beside the event that proves them. */
export async function keepPromiseWords(tx: Tx, org: string, id: string, p: SpokenPromise): Promise<void> {
  await tx.run(
    sql`insert into complaint_words (org_id, complaint_id, id, kind, text, salt)
      values (${org}, ${id}, ${p.words.wordsId}, 'promise', ${p.text}, ${p.salt})`,
  )
}

/** All files that come with the first message; the recording is one of them. */
export function filesOf({ attachmentIds, call }: Submission): string[] {
  return [...new Set([...attachmentIds, ...(call?.recordingId ? [call.recordingId] : [])])]
}
