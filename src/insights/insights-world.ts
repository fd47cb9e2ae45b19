import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { House, World } from '../../test/world/world.ts'
import { newId } from '../kit/ids.ts'

// Random histories, laid as rows: thousands of years of work in a second. What they say is counted a second time, in plain
// code, by `truth`.

export type Turn = { readonly at: number; readonly type: string; readonly undone?: boolean }
export type Story = {
  readonly id: string
  readonly receivedAt: number
  readonly turns: readonly Turn[]
  readonly breaches: readonly { readonly at: number; readonly noticed: boolean }[]
  readonly merged: boolean
  readonly restricted: boolean
  readonly named: readonly string[]
  readonly subject: string | null
  readonly team: string
  readonly owner: string | null
  readonly type: string | null
  readonly place: string | null
  readonly channel: string
  readonly severity: string | null
  /** When it was first replied to. */
  readonly repliedAt?: number | null
  /** Imported with instants that contradict each other. */
  readonly flaw?: 'closed-before-received' | 'answered-before-received' | 'closed-and-answered-before-received' | null
}

export const ending = ['closed', 'finalised', 'withdrawn', 'redirected']
export const opening = ['reopened', 'review_requested', 'went_outside']
export const answering = ['responded', 'finalised']

/** Whether it is open at an instant, by its history alone. */
export function isOpenAt(story: Story, t: number): boolean {
  let open = story.receivedAt < t
  for (const turn of story.turns) {
    if (turn.at >= t || turn.undone) continue
    if (ending.includes(turn.type)) open = false
    if (opening.includes(turn.type)) open = true
  }
  return open
}

type Span = { readonly from: number; readonly to: number }

/** The figures of one story over [from, to), told from its history. */
export function truth(story: Story, { from, to }: Span, now: number) {
  const within = (t: number) => t >= from && t < to
  const kept = story.turns.filter((turn) => !turn.undone)
  const opened = story.receivedAt < from && isOpenAt(story, from)
  const received = within(story.receivedAt)
  const open = isOpenAt(story, to)
  const again = kept.some((turn) => within(turn.at) && opening.includes(turn.type))
  const reopened = story.receivedAt < from && !opened && again
  return {
    opening: opened,
    received,
    reopened,
    open,
    closed: (opened || received || reopened) && !open,
    answered: kept.some((turn) => within(turn.at) && answering.includes(turn.type)),
    overdue: story.breaches.some((b) => within(b.at) && (b.noticed || b.at < now)),
  }
}

/** How long it took to end what counts as closed in [from, to), and to the first reply made in it; null for what does not count. */
export function timesOf(story: Story, { from, to }: Span) {
  const last = story.turns.findLast((turn) => !turn.undone && turn.at < to && ending.includes(turn.type))
  const replied = story.repliedAt ?? -1
  return {
    close: truth(story, { from, to }, 0).closed && last ? last.at - story.receivedAt : null,
    reply: replied >= from && replied < to ? replied - story.receivedAt : null,
  }
}

/** Lays the stories into an organisation, as commands would have left them. */
export async function lay(world: World, house: House, stories: readonly Story[]): Promise<void> {
  const { org } = house
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  await world.app.db.withScope({ org }, async (tx) => {
    const survivor = stories.find((s) => !s.merged)
    for (const s of stories) {
      const kept = s.turns.filter((turn) => !turn.undone && [...ending, ...opening].includes(turn.type))
      const last = kept.at(-1)
      const ended = s.merged || (last !== undefined && ending.includes(last.type))
      const closedAt = ended ? (last && ending.includes(last.type) ? last.at : world.clock.now - 1) : null
      const hash = randomBytes(32)
      await tx.run(sql`insert into complaint (org_id, id, number, version, head, fold_version, state, open, workflow, channel, mode, confidentiality,
          restricted, owner_id, team_id, type_code, place_id, severity, merged_into, received_at, logged_at, closed_at, first_reply_at, locale, public_ref, secret_hash, updated_at)
        values (${org}, ${s.id}, ${s.id}, 1, ${hash}, 1, ${s.merged ? 'merged' : ended ? 'closed' : 'investigating'}, ${!ended}, '{}'::jsonb, ${s.channel}, 'named',
          ${s.restricted ? 'restricted' : 'normal'}, ${s.restricted}, ${s.owner}, ${s.team}, ${s.type}, ${s.place}, ${s.severity},
          ${s.merged ? (survivor?.id ?? null) : null}, ${iso(s.receivedAt)}, ${iso(s.receivedAt)}, ${iso(closedAt)}, ${iso(s.repliedAt ?? null)}, 'zh-Hant', ${s.id.slice(-10)}, ${hash}, ${iso(s.receivedAt)})`)
      await tx.run(
        sql`insert into complaint_text (org_id, complaint_id, title, salt) values (${org}, ${s.id}, '', ${hash})`,
      )
      if (s.flaw)
        await tx.run(sql`insert into import_item (org_id, complaint_id, run_id, no, source_id, flaw)
          values (${org}, ${s.id}, ${s.id}, 1, ${s.id}, ${s.flaw})`)
      for (const staff of s.named)
        await tx.run(
          sql`insert into complaint_access (org_id, complaint_id, staff_id) values (${org}, ${s.id}, ${staff})`,
        )
      if (s.subject)
        await tx.run(
          sql`insert into complaint_subject (org_id, complaint_id, staff_id) values (${org}, ${s.id}, ${s.subject})`,
        )
      let seq = 0
      const add = (type: string, at: number, facts: object = {}) => {
        seq += 1
        return tx.run(sql`insert into complaint_event (org_id, complaint_id, seq, type, v, at, actor, payload, prev, hash)
          values (${org}, ${s.id}, ${seq}, ${type}, 1, ${iso(at)}, '{}'::jsonb, ${JSON.stringify({ facts, changes: {} })}::jsonb, ${hash}, ${hash})`)
      }
      await add('received', s.receivedAt)
      for (const turn of s.turns) {
        await add(turn.type, turn.at)
        if (turn.undone) await add('reply_cancelled', turn.at + 1, { undoes: seq })
      }
      for (const b of s.breaches)
        await tx.run(sql`insert into clock (org_id, id, complaint_id, kind, state, target, started_at, due_at, breached_at, cause, policy, calendar)
          values (${org}, ${newId(b.at)}, ${s.id}, 'resolve', ${b.noticed ? 'breached' : 'running'}, '{}'::jsonb, ${iso(s.receivedAt)}, ${iso(b.at)},
            ${b.noticed ? iso(b.at) : null}, '{}'::jsonb, '{}'::jsonb, '{}'::jsonb)`)
    }
  })
}
