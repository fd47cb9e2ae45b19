import { sql } from 'kysely'
import type { Audience } from '../people/index.ts'
import type { Database } from '../kit/db/database.ts'
import { nameless, type RowReply } from './queries.ts'
import { isAfter } from './stream-epoch.ts'
import { type Place, readStream, type Shown, shownByIds, streamEnd, type StreamRow } from './stream-rows.ts'

/** What happened to one complaint in a batch: its row as it is now, once as text for all readers, and who saw it before. */
export type Told = {
  readonly complaintId: string
  /** `nameless`: for those who may not know who complains, where a name is in it. */
  readonly change: { readonly text: string; readonly nameless?: string; readonly audience: Audience } | undefined
  readonly before: readonly Audience[]
  /** Whom it is news for, where they may see it. */
  readonly noticed: readonly string[]
}
export type Batch = { readonly told: readonly Told[]; readonly end: Place }
export type Reader = { take(batch: Batch): void; reload(place: Place): void }

type Source = { readonly db: Database; readonly now: () => number; onError(error: unknown): void }

const batchRows = 200
/** A reader further back than this many batches does better to load everything again. */
const mostBatches = 20
const againMs = 100

/** One organisation's stream in this process: read once, whoever listens. */
export type Feed = {
  /** Starts at `from`, or at the newest; gives the place from which everything will be told. */
  join(reader: Reader, from: Place | undefined): Promise<Place>
  leave(reader: Reader): void
  wake(): void
  size(): number
  stop(): void
}

export function openFeed(source: Source, org: string): Feed {
  const readers = new Set<Reader>()
  let place: Promise<Place> | undefined
  let known: Place = { xid: '0', id: '0' }
  let reading = false
  let again = false
  let joining = 0
  let timer: NodeJS.Timeout | undefined

  const pump = async () => {
    reading = true
    try {
      do {
        again = false
        const { batch, behind } = await readBatch(source, org, known)
        if (batch) {
          known = batch.end
          for (const reader of readers) reader.take(batch)
        }
        if (behind && batch) again = true
        else if (behind) timer ??= setTimeout(wake, againMs)
      } while (again && readers.size > 0)
    } catch (error) {
      // The next wake-up or poll reads on from the same place.
      source.onError(error)
    } finally {
      reading = false
    }
  }
  const wake = () => {
    clearTimeout(timer)
    timer = undefined
    if (readers.size === 0) return
    if (reading) again = true
    else void pump()
  }
  const start = () =>
    source.db.withScope({ org }, streamEnd, 'read').then((end) => {
      known = end
      return end
    })
  const catchUp = async (reader: Reader, from: Place | undefined): Promise<Place> => {
    place ??= start()
    place.catch(() => {
      place = undefined
    })
    await place
    let at = from ?? known
    for (let n = 0; isAfter(known, at); n++) {
      if (n >= mostBatches) {
        at = known
        reader.reload(at)
        break
      }
      const target = known
      const { batch } = await readBatch(source, org, at)
      if (batch) reader.take(batch)
      at = batch?.end ?? target
    }
    readers.add(reader)
    wake()
    return at
  }
  return {
    async join(reader, from) {
      joining += 1
      try {
        return await catchUp(reader, from)
      } finally {
        joining -= 1
      }
    },
    leave: (reader) => void readers.delete(reader),
    wake,
    size: () => readers.size + joining,
    stop() {
      clearTimeout(timer)
      readers.clear()
    },
  }
}

/** One batch after a place, with every complaint once, in its newest form. */
async function readBatch(source: Source, org: string, after: Place): Promise<{ batch?: Batch; behind: boolean }> {
  return source.db.withScope(
    { org },
    async (tx) => {
      // One snapshot: a row must not be newer than the audience it is judged by.
      await tx.run(sql`set transaction isolation level repeatable read`)
      const { rows, behind } = await readStream(tx, org, after, batchRows)
      const last = rows.at(-1)
      if (!last) return { behind }
      const shown = await shownByIds(tx, org, [...new Set(rows.map((r) => r.complaintId))], source.now())
      return { batch: { told: tell(rows, shown), end: { xid: last.xid, id: last.id } }, behind }
    },
    'read',
  )
}

function tell(rows: readonly StreamRow[], shown: ReadonlyMap<string, Shown>): Told[] {
  // In the order of the last that happened to each.
  const byComplaint = new Map<string, StreamRow[]>()
  for (const row of rows) {
    const before = byComplaint.get(row.complaintId) ?? []
    byComplaint.delete(row.complaintId)
    byComplaint.set(row.complaintId, [...before, row])
  }
  return [...byComplaint].map(([complaintId, events]) => {
    const now = shown.get(complaintId)
    const said = (row: RowReply) =>
      JSON.stringify({ complaintId, version: row.version, type: events.at(-1)?.type, row })
    const change = now && {
      text: said(now.row),
      ...(now.row.customerName === null ? {} : { nameless: said(nameless(now.row)) }),
      audience: now.audience,
    }
    return {
      complaintId,
      change,
      before: events.flatMap((e) => (e.audienceBefore ? [e.audienceBefore] : [])),
      noticed: events.flatMap((e) => e.noticed),
    }
  })
}
