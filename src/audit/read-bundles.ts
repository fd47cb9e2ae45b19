import { blank, type EventActor, type NewEvent } from '../complaints/domain/index.ts'
import { stateColumns, textHash } from '../complaints/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { canonicalJson } from '../kit/pure/jcs.ts'
import { type Bundle, type ComplaintRow, emptyBundle } from './bundle.ts'
import { type BesideRow, intakeRow, readingBeside } from './read-beside.ts'
import { saltedHash } from './salted-hash.ts'
import { tuples } from './raw.ts'

/** Columns of the state row that are folded from the history. */
export const stateNames: readonly string[] = Object.keys(stateColumns({ id: '', ...blank }))
/** Columns of a clock that are. */
export const clockNames = [
  'kind',
  'milestone',
  'cycle',
  'state',
  'started_at',
  'due_at',
  'internal_due_at',
  'ended_at',
  'breached_at',
  'provisional',
  'pausable',
  'target',
  'cause',
  'policy',
  'calendar',
  'owner_id',
] as const

const lowest = '00000000-0000-0000-0000-000000000000'
const highest = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
/** A batch ends here even when it has fewer complaints: histories may be long, memory must not be. */
const eventsAtMost = 5_000

/** The next complaints of `org` after `after` up to `upto`, at most `size`, with everything stored of them; one statement a table. */
export async function readBatch(
  tx: Tx,
  org: string,
  after: string = lowest,
  upto: string = highest,
  size = 200,
): Promise<{ bundles: Bundle[]; last: string | null }> {
  const read = await stateRows(tx, 'id > $2 and id <= $3 order by id limit $4', [org, after, upto, size])
  const rows = firstOf(read, eventsAtMost)
  const last = read.length === size || rows.length < read.length ? (rows.at(-1)?.id ?? null) : null
  // The bounds reach beyond the known ids, so that rows of complaints that are gone turn up too.
  const within = {
    text: 'org_id = $1 and complaint_id > $2 and complaint_id <= $3',
    values: [org, after, last ?? upto],
  }
  return { bundles: await readRest(tx, within, rows, true), last }
}

/** One complaint; `search` only for roles that may read search rows. */
export async function readOne(tx: Tx, org: string, id: string, search: boolean): Promise<Bundle | undefined> {
  const rows = await stateRows(tx, 'id = $2', [org, id])
  if (rows.length === 0) return undefined
  return (await readRest(tx, { text: 'org_id = $1 and complaint_id = $2', values: [org, id] }, rows, search))[0]
}

type StateTuple = [id: string, number: string, version: number, head: string, foldVersion: number, ...unknown[]]

async function stateRows(tx: Tx, where: string, values: unknown[]): Promise<ComplaintRow[]> {
  const rows = await tuples<StateTuple>(
    tx,
    `select id, number, version, head, fold_version, ${stateNames.join(', ')} from complaint where org_id = $1 and ${where}`,
    values,
  )
  return rows.map(([id, number, version, head, foldVersion, ...columns]) => ({
    id,
    number,
    version,
    head,
    foldVersion,
    columns,
  }))
}

function firstOf(rows: readonly ComplaintRow[], events: number): readonly ComplaintRow[] {
  let sum = 0
  const end = rows.findIndex((row) => (sum += row.version) > events)
  return end < 0 ? rows : rows.slice(0, Math.max(end, 1))
}

type Within = { readonly text: string; readonly values: unknown[] }
type Event = [string, number, string, number, string, EventActor, NewEvent['payload'], string, string]
type Text = [complaint: string, id: string, hash: string, blank: boolean]
type Message = [...Text, string, string, string, string | null, string | null, string, string, unknown, string | null]

async function readRest(
  tx: Tx,
  { text: within, values }: Within,
  rows: readonly ComplaintRow[],
  search: boolean,
): Promise<Bundle[]> {
  const byId = new Map<string, Bundle>()
  const of = (id: string): Bundle => {
    const met = byId.get(id)
    if (met) return met
    const made = emptyBundle(id, search)
    byId.set(id, made)
    return made
  }
  const read = <T extends unknown[]>(text: string) => tuples<T>(tx, text.replaceAll('$within', within), values)
  // All are asked at once: the database reads on while the batch before is being checked.
  const [events, clocks, messages, points, written, listed, beside, attachments, items, outbox, found, awaiting] =
    await Promise.all([
      read<Event>(
        'select complaint_id, seq, type, v, at, actor, payload, prev, hash from complaint_event where $within order by complaint_id, seq',
      ),
      read<[string, string, ...unknown[]]>(
        `select complaint_id, id, ${clockNames.join(', ')} from clock where $within`,
      ),
      read<Message>(
        `select complaint_id, id, ${saltedHash('body')}, body = '', direction, channel, visibility, author_staff_id,
        case when author_name <> '' then ${saltedHash('author_name')} end, at, flags::text, call, case when call is not null then encode(salt, 'hex') end
        from message where $within`,
      ),
      read<[...Text, number, string | null, boolean]>(
        `select complaint_id, id, ${saltedHash('text')}, text = '', no, finding, answer <> '' from point where $within`,
      ),
      read<[...Text, string, boolean]>(words),
      read<[string, string, string]>(lists),
      read<BesideRow>(readingBeside.intake),
      read<[string, string, string | null, string, string | null]>(readingBeside.files),
      read<[string, string, boolean, string | null]>(readingBeside.items),
      read<[string, string, string | null, string, string]>(readingBeside.outbox),
      search ? read<[string, string | null, string]>(readingBeside.found) : [],
      search ? read<[string]>(readingBeside.awaiting) : [],
    ])
  for (const row of rows) of(row.id).row = row
  for (const [id, seq, type, v, at, actor, payload, prev, hash] of events)
    of(id).events.push({ seq, type, v, at, actor, payload, prev, hash })
  for (const [complaint, id, ...columns] of clocks) of(complaint).clocks.push({ id, columns })
  for (const [
    complaint,
    id,
    hash,
    empty,
    direction,
    channel,
    visibility,
    author,
    authorHash,
    at,
    flags,
    ...call
  ] of messages) {
    const said = { direction, channel, visibility, author, authorHash, at, flags, callHash: callHash(...call) }
    of(complaint).messages.push({ id, hash, blank: empty, ...said })
  }
  for (const [complaint, id, hash, empty, no, finding, answered] of points)
    of(complaint).points.push({ id, hash, blank: empty, no, finding, answered })
  for (const [complaint, id, hash, empty, key, shown] of written)
    of(complaint).words.push({ id, hash, blank: empty, key, shown })
  for (const [complaint, list, key] of listed) of(complaint).lists.push({ list, key })
  for (const row of beside) of(row[0]).intake = intakeRow(row)
  for (const [complaint, id, messageId, visibility, hash] of attachments)
    of(complaint).attachments.push({ id, messageId, visibility, hash })
  for (const [complaint, id, messageId, state, notBefore] of outbox)
    of(complaint).outbox.push({ id, messageId, state, notBefore })
  // Items of nobody are told by verifyWhole.
  for (const [complaint, id, fits, hash] of items) byId.get(complaint)?.items.push({ id, fits, hash })
  for (const [complaint, messageId, visibility] of found) of(complaint).found?.push({ messageId, visibility })
  for (const [complaint] of awaiting) of(complaint).awaiting = true
  return [...byId.values()]
}

/** The salted hash of what stands beside the words of a call. */
function callHash(call: unknown, salt: string | null): string | null {
  return salt === null ? null : textHash(Buffer.from(salt, 'hex'), canonicalJson(call))
}

const words = `select w.complaint_id, w.id, ${saltedHash('w.text', 'w.salt')}, w.text = '', concat_ws(' ', w.kind, w.point_id),
    coalesce(w.text = case w.kind when 'title' then t.title when 'summary' then t.summary when 'order_no' then coalesce(c.order_no, '') when 'answer' then p.answer when 'promise' then w.text when 'translation' then w.text when 'point' then w.text when 'letter_no' then w.text end, false)
  from (select * from complaint_words where $within) w
  left join complaint c on c.org_id = w.org_id and c.id = w.complaint_id
  left join complaint_text t on t.org_id = w.org_id and t.complaint_id = w.complaint_id
  left join point p on p.org_id = w.org_id and p.complaint_id = w.complaint_id and p.id = w.point_id`

const lists = `select complaint_id, 'flags', flag from complaint_flag where $within
  union all select complaint_id, 'access', staff_id::text from complaint_access where $within
  union all select complaint_id, 'subjects', staff_id::text from complaint_subject where $within
  union all select complaint_id, 'helpers', staff_id || ' ' || kind from complaint_helper where $within
  union all select complaint_id, 'links', other_id || ' ' || kind from complaint_link where $within`
