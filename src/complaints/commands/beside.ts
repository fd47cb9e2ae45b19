import { randomBytes } from 'node:crypto'
import { newId } from '../../kit/ids.ts'
import type { Services } from '../../kit/services.ts'
import { act, commitEvents, type Context, type Outcome } from '../act.ts'
import { textHash } from '../chain.ts'
import { event } from '../domain/event.ts'
import type { Loaded } from '../store.ts'

/** What came to a complaint and changes nothing there: an automatic answer, or somebody nobody knows who has to be let in. */
export type Beside = {
  readonly type: 'mail_noted' | 'side_note_received'
  /** Codes only. */
  readonly facts: Readonly<Record<string, string>>
  readonly text: string
  readonly authorName: string
  readonly attachmentIds: readonly string[]
}

/** Keeps it as a note of the installation itself, beside the process: no clock, no state, no answer owed. */
export async function noteBeside(
  app: Services,
  ctx: Context,
  loaded: Loaded,
  { type, facts, text, authorName, attachmentIds }: Beside,
): Promise<{ messageId: string }> {
  const note = { id: newId(ctx.now), salt: randomBytes(16), text, authorName, attachmentIds }
  const proof = { messageId: note.id, hash: textHash(note.salt, text) }
  const said = { ...note, direction: 'note', visibility: 'internal', channel: 'email' } as const
  await commitEvents(
    app,
    { ...ctx, as: { kind: 'system', id: null } },
    loaded,
    [event(type, { ...facts, ...proof })],
    [said],
  )
  return { messageId: note.id }
}

/** Lets a side note in as what a third party says, or sets it aside; whether it waits is the caller's to know. */
export function judgeNote(
  app: Services,
  ctx: Context,
  id: string,
  judged: { readonly messageId: string; readonly admitted: boolean },
): Promise<Outcome> {
  return act(app, ctx, { id, version: undefined, name: 'judge_note' }, () => judged)
}
