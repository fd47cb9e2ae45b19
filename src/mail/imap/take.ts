import type { FetchMessageObject, ImapFlow } from 'imapflow'
import type { Services } from '../../kit/services.ts'
import { keepMail, wakeTakeIn } from '../keep.ts'
import { fetchBounded } from './bounded.ts'
import type { Leased } from './lease.ts'
import { parkMail } from './park.ts'
import { imapError } from './problem.ts'
import { noteDone, noteMarked, type Progress, readProgress, startNumbers } from './state.ts'
import type { Turns } from './turns.ts'

export type TakeApp = Pick<Services, 'config' | 'db' | 'log' | 'now'>

/** What one fetcher remembers between its connections: which mail the server failed to give, and how often. */
export type Stuck = { uids: readonly number[]; tries: number }

export type Taking = {
  readonly app: TakeApp
  readonly of: Leased
  readonly client: ImapFlow
  readonly turns: Turns
  readonly stuck: Stuck
  /** False once this mailbox is somebody else's: nothing more is begun. */
  readonly mine: () => boolean
  readonly signal: AbortSignal
}

/** So many mails are looked at in one turn, and so many bytes fetched with one question. */
const perTurn = 50
const perFetch = 8 * 2 ** 20
/** A turn that takes longer is hung up on: other mailboxes wait. */
const turnMs = 300_000
const mostTries = 3

/**
 * Fetches everything in the open folder that was not fetched before, oldest first: kept and committed, then noted, then marked at
 * the server. Broken off anywhere, the next look goes on: what was kept and not noted is recognised by what it says.
 */
export async function takeNew(at: Taking): Promise<void> {
  const { app, of, client } = at
  const { db } = app
  const box = client.mailbox
  if (!box) throw imapError('mail.imap-no-folder')
  const validity = Number(box.uidValidity)
  let progress = await readProgress(db, of)
  if (progress.validity !== validity) {
    const there = await uidsAbove(client, 0)
    await startNumbers(db, of, { validity, firstUid: Math.max(box.uidNext || 0, (there.at(-1) ?? 0) + 1) })
    progress = await readProgress(db, of)
  }
  if (progress.unmarked.length > 0) await mark(at, progress.unmarked)
  const left = await uidsAbove(client, progress.doneUid)
  while (left.length > 0 && at.mine()) {
    const uids = left.splice(0, perTurn)
    await at.turns.take(at.signal, () => withinTurn(client, () => takeSome(at, progress, { uids, validity })))
  }
}

/** The uids above one, rising; what is flagged as deleted is left out. */
async function uidsAbove(client: ImapFlow, done: number): Promise<number[]> {
  const found = await client.search({ uid: `${done + 1}:*`, deleted: false }, { uid: true })
  if (!Array.isArray(found)) throw imapError('mail.imap-odd')
  // `5:*` means the newest too when it is below 5.
  return found.filter((uid) => uid > done).sort((a, b) => a - b)
}

async function withinTurn(client: ImapFlow, work: () => Promise<void>): Promise<void> {
  const timer = setTimeout(() => client.close(), turnMs)
  try {
    await work()
  } finally {
    clearTimeout(timer)
  }
}

type Some = { readonly uids: readonly number[]; readonly validity: number }

async function takeSome(at: Taking, progress: Progress, { uids, validity }: Some): Promise<void> {
  const { app, of, client } = at
  const heads = await fetchBounded(
    client,
    uids,
    { uid: true, flags: true, size: true, internalDate: true, ...(progress.anew > 0 ? { headers: ['date'] } : {}) },
    perFetch,
  )
  const wanted = heads.filter((h) => !readBefore(h, of, progress)).sort((a, b) => a.uid - b.uid)
  for (const group of groupsOf(wanted, at)) {
    const { fresh } = await takeGroup(at, group, validity)
    const kept = group.map((h) => h.uid)
    await noteDone(app.db, of, { validity, doneUid: kept.at(-1) ?? 0, kept, fresh })
    if (fresh > 0) await wakeTakeIn(app, of.org)
    await mark(at, kept)
  }
  await noteDone(app.db, of, { validity, doneUid: uids.at(-1) ?? 0, kept: [], fresh: 0 })
}

/** Was there, and read by somebody, before we were asked to fetch: their matter, not ours. */
function readBefore(head: FetchMessageObject, { settings }: Leased, progress: Progress): boolean {
  if (settings.begin === 'all' || !head.flags?.has('\\Seen') || head.uid >= progress.firstUid) return false
  if (progress.anew === 0) return true
  const dates = [
    head.internalDate,
    head.headers
      ?.toString('latin1')
      .replace(/^date:/i, '')
      .trim(),
  ]
  const came = Math.min(
    ...dates.flatMap((d) => (d === undefined ? [] : [new Date(d).getTime()])).filter(Number.isFinite),
  )
  return came < progress.beganAt
}

type Group = readonly FetchMessageObject[]

/** As much as one question may bring; one at a time where the server failed before, and for what is too large. */
function groupsOf(heads: Group, { stuck, app }: Taking): Group[] {
  const groups: FetchMessageObject[][] = []
  let bytes = 0
  for (const head of heads) {
    const size = head.size ?? 0
    const alone = stuck.uids.includes(head.uid) || size > app.config.mail.maxBytes
    const last = groups.at(-1)
    if (!last || alone || bytes + size > perFetch) {
      groups.push([head])
      bytes = alone ? perFetch : size
    } else {
      last.push(head)
      bytes += size
    }
  }
  return groups
}

/** Fetches and keeps these; when it resolves all are committed. */
async function takeGroup(at: Taking, group: Group, validity: number): Promise<{ readonly fresh: number }> {
  const { app, of, stuck } = at
  const [first] = group
  if (group.length === 1 && first) {
    const tooLarge = (first.size ?? 0) > app.config.mail.maxBytes
    const given = stuck.uids.includes(first.uid) ? stuck.tries : 0
    if (tooLarge || given >= mostTries)
      return {
        fresh: await setAside(at, first.uid, validity, tooLarge ? 'mail.imap-too-large' : 'mail.imap-not-given'),
      }
  }
  const sources = await fetchSources(at, group)
  const kept = await Promise.all(
    sources.map((raw) =>
      keepMail(
        app,
        { org: of.org, mailboxIds: [of.mailboxId], rcptTo: [of.address] },
        { via: 'imap', mailFrom: '', clientIp: '', helo: '' },
        raw,
        app.now(),
      ),
    ),
  )
  return { fresh: kept.filter((k) => k.fresh).length }
}

/** The bytes of these mails; those that somebody deleted meanwhile are missing. */
async function fetchSources({ app, client, stuck }: Taking, group: Group): Promise<Buffer[]> {
  const uids = group.map((h) => h.uid)
  try {
    // Servers are not exact about sizes.
    const most = 2 * perFetch + app.config.mail.maxBytes
    const found = await fetchBounded(client, uids, { uid: true, source: true }, most)
    const sources = found.flatMap((f) => (f.source ? [f.source] : []))
    if (sources.length < uids.length) await assertGone(client, uids, found)
    stuck.uids = []
    stuck.tries = 0
    return sources
  } catch (error) {
    // Only one mail on its own can be told to be what the server stumbles over.
    const same = group.length === 1 && stuck.uids.includes(uids[0] ?? 0)
    stuck.tries = same ? stuck.tries + 1 : 1
    stuck.uids = uids
    throw error
  }
}

async function assertGone(client: ImapFlow, uids: readonly number[], found: Group): Promise<void> {
  const given = new Set(found.filter((f) => f.source).map((f) => f.uid))
  const missing = uids.filter((uid) => !given.has(uid))
  const still = await client.search({ uid: missing.join(','), deleted: false }, { uid: true })
  if (!Array.isArray(still) || still.length > 0) throw imapError('mail.imap-not-given')
}

const mostHeaders = 256 * 1024

async function setAside(at: Taking, uid: number, validity: number, reason: string): Promise<number> {
  const { app, of, client, stuck } = at
  const headers = reason === 'mail.imap-too-large' ? await headersOf(client, uid) : Buffer.alloc(0)
  const fresh = await parkMail(app, of, { headers, reason, uid, validity }, app.now())
  stuck.uids = []
  stuck.tries = 0
  return fresh ? 1 : 0
}

/** As much of a mail as its headers are, its ends of lines as they are sent. */
async function headersOf(client: ImapFlow, uid: number): Promise<Buffer> {
  const found = await client.fetchOne(
    String(uid),
    { uid: true, source: { start: 0, maxLength: mostHeaders } },
    { uid: true },
  )
  const source = (found && found.source) || Buffer.alloc(0)
  const end = source.indexOf('\r\n\r\n')
  return end < 0 ? source : source.subarray(0, end + 4)
}

/** Marks what is committed here; a server that does not let us is told so at the end, and nothing is fetched again for it. */
async function mark({ app, of, client }: Taking, uids: readonly number[]): Promise<void> {
  if (uids.length === 0) return
  const range = uids.join(',')
  const { after, moveTo } = of.settings
  const seen = await client.messageFlagsAdd(range, ['\\Seen'], { uid: true, silent: true })
  const moved = after === 'move' && moveTo !== null ? await client.messageMove(range, moveTo, { uid: true }) : true
  if (seen && moved) await noteMarked(app.db, of, uids)
}
