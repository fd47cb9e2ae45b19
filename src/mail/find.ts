import { sql } from 'kysely'
import type { Persons } from '../intake/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { isUuid } from '../kit/pure/uuid.ts'
import type { Services } from '../kit/services.ts'
import { normaliseMail } from '../language/index.ts'
import type { ReadMail } from './domain/mail.ts'
import { numbersIn } from './domain/subject.ts'
import type { Candidate, Found, FoundBy } from './domain/threading.ts'
import { readMessageId, readToken, splitAddress } from './domain/token.ts'
import { idHash, keptPrint } from './identity.ts'
import { signersOf } from './tokens.ts'

/** Where and how a mail came, as far as threading asks. */
export type Came = {
  readonly org: string
  readonly mailboxIds: readonly string[]
  readonly rcptTo: readonly string[]
}

/** The sender's address in its normal form; '' for a mail without any. */
export function senderOf(mail: Pick<ReadMail, 'from' | 'sender'>): string {
  const address = mail.from[0]?.address ?? mail.sender?.address ?? ''
  return normaliseMail(address)?.mail ?? address.toLowerCase()
}

/** The ids a mail answers, newest first, each once; of hundreds the newest and the first. */
export function answeredIds(mail: Pick<ReadMail, 'inReplyTo' | 'references'>): string[] {
  const all = [...new Set([...mail.inReplyTo, ...mail.references.toReversed()])]
  return all.length <= 60 ? all : [...all.slice(0, 59), ...all.slice(-1)]
}

type Ids = Pick<ReadMail, 'messageId' | 'inReplyTo' | 'references'>
const lockKey = (org: string, what: string) => idHash(`${org} ${what}`).readBigInt64BE(0).toString()

/** The ids that make mails those of one thread: its own and those it answers, as keys of locks. */
export function threadKeys(org: string, mail: Ids): string[] {
  const ids = [...(mail.messageId ? [mail.messageId] : []), ...answeredIds(mail)]
  return [...new Set(ids.map((id) => lockKey(org, id)))]
}

/** Whose complaint it may be: who sent it, and whose mail it passes on. */
function writersOf(mail: ReadMail): string[] {
  const passedOn = mail.forwardedFrom?.address
  const all = [senderOf(mail), passedOn ? (normaliseMail(passedOn)?.mail ?? passedOn.toLowerCase()) : '']
  return [...new Set(all.filter((address) => address !== ''))]
}

/**
 * Two mails of one thread, or of one sender, are looked at one after the other, however many workers there are: each holds its
 * own id, those it answers and its sender's address until it is committed.
 */
export async function holdThreads(tx: Tx, org: string, mails: readonly ReadMail[]): Promise<void> {
  const senders = mails.flatMap(writersOf).map((address) => lockKey(org, `from ${address}`))
  const keys = [...new Set([...mails.flatMap((mail) => threadKeys(org, mail)), ...senders])].sort()
  if (keys.length > 0)
    await tx.run(
      sql`select pg_advisory_xact_lock(k) from unnest(${keys}::bigint[]) with ordinality as x(k, n) order by n`,
      'mail-hold',
    )
}

/** Whom the addresses of these mails are known to belong to: two of one person's are not begun at once. */
export async function knownSenders(tx: Tx, org: string, mails: readonly ReadMail[]): Promise<Persons> {
  const rows = await tx.rows<{ norm: string; customer: string }>(
    sql`select k.norm, i.customer_id as customer from unnest(${[...new Set(mails.flatMap(writersOf))]}::text[]) as k(norm)
        cross join lateral (select x.customer_id from customer_identity x
          where x.org_id = ${org} and x.kind = 'mail' and x.norm = k.norm limit 20 offset 0) i`,
    'mail-known-senders',
  )
  const persons = new Map<string, string[]>()
  for (const { norm, customer } of rows) persons.set(norm, [...(persons.get(norm) ?? []), customer])
  return persons
}

/** Which of these mails name, answer or repeat anything that is here; the others belong nowhere yet. */
export async function belonging(
  app: Pick<Services, 'subkey'>,
  tx: Tx,
  org: string,
  mails: readonly { readonly came: Came; readonly mail: ReadMail }[],
): Promise<ReadonlySet<ReadMail>> {
  const asked = mails.map(({ came, mail }) => {
    const answered = answeredIds(mail)
    const ids = [...answered, ...(mail.messageId ? [mail.messageId] : [])]
    const names = namedIn(app, came, mail, answered).length > 0 || ids.some((id) => numberOf(app, org, id).length > 0)
    const outbox = ids.flatMap((id) => outboxIdOf(app, org, id) ?? [])
    return { mail, names, outbox, hashes: ids.map((id) => idHash(id).toString('hex')) }
  })
  const hashes = [...new Set(asked.flatMap((a) => a.hashes))]
  const outbox = [...new Set(asked.flatMap((a) => a.outbox))]
  const [stored, sent] = await Promise.all([
    hashes.length === 0
      ? []
      : tx.rows<{ hash: string }>(
          sql`select encode(i.hash, 'hex') as hash from unnest(${hashes}::text[]) as k(hash)
              cross join lateral (select m.hash from mail_id m where m.org_id = ${org} and m.hash = decode(k.hash, 'hex') limit 1) i`,
          'mail-known-ids',
        ),
    outbox.length === 0
      ? []
      : tx.rows<{ id: string }>(
          sql`select id from outbox where org_id = ${org} and id = any (${outbox}::uuid[])`,
          'mail-known-sent',
        ),
  ])
  const known = new Set([...stored.map((r) => r.hash), ...sent.map((r) => r.id)])
  return new Set(
    asked.filter((a) => a.names || [...a.hashes, ...a.outbox].some((k) => known.has(k))).map((a) => a.mail),
  )
}

type Hit = { readonly by: FoundBy; readonly complaintId: string }

/** `about`: every complaint it names, answers or repeats. */
export type Belonging = Pick<Found, 'candidates' | 'bounced' | 'here' | 'ours'> & { readonly about: readonly string[] }

/** Everything the mail may belong to, the strongest first, with how it stands there. */
export async function findFor(app: Pick<Services, 'subkey'>, tx: Tx, came: Came, mail: ReadMail): Promise<Belonging> {
  const { org } = came
  const answered = answeredIds(mail)
  const named = namedIn(app, came, mail, answered)
  const enclosed = mail.bounce?.originalIds ?? []
  const own = mail.messageId ? [mail.messageId] : []
  const [numbers, sent, stored] = await Promise.all([
    byNumbers(tx, org, [
      ...named.map((n) => n.number),
      ...[...enclosed, ...own].flatMap((id) => numberOf(app, org, id)),
    ]),
    sentByUs(app, tx, org, [...answered, ...enclosed, ...own]),
    storedIds(tx, came, { answered, own }),
  ])
  const hits: Hit[] = []
  const add = (by: FoundBy, complaintId: string | undefined) => {
    if (complaintId && !hits.some((h) => h.complaintId === complaintId)) hits.push({ by, complaintId })
  }
  for (const by of ['address', 'own-id'] as const)
    for (const n of named) if (n.by === by) add(by, numbers.get(n.number))
  for (const id of answered) {
    add('stored-id', sent.get(id)?.complaintId)
    for (const row of stored.rows)
      if (row.kind === 'own' && row.hash.equals(idHash(id))) add('stored-id', row.complaint_id)
  }
  for (const row of stored.rows) if (row.kind === 'cited') add('cited', row.complaint_id)
  for (const n of named) if (n.by === 'subject') add('subject', numbers.get(n.number))
  const bounced = bouncedOf(app, org, enclosed, numbers, sent)
  const same = mail.messageId === null ? [] : stored.rows.filter((r) => isHere(r, mail, hits[0]?.complaintId))
  const known = [...hits, ...own.flatMap((id) => sent.get(id) ?? []), ...(bounced ? [bounced] : [])]
  return {
    candidates: await standingOf(tx, org, hits, senderOf(mail)),
    bounced,
    here: same.length > 0,
    about: [...new Set([...known.map((k) => k.complaintId), ...same.map((r) => r.complaint_id), ...numbers.values()])],
    ours: mail.messageId !== null && (sent.has(mail.messageId) || numberOf(app, org, mail.messageId).length > 0),
  }
}

type Named = { readonly by: 'address' | 'own-id' | 'subject'; readonly number: string }

/** Numbers the mail names, by what. */
function namedIn(
  app: Pick<Services, 'subkey'>,
  { org, rcptTo }: Came,
  mail: ReadMail,
  answered: readonly string[],
): Named[] {
  const sign = signersOf(app).address
  const addresses = [...rcptTo, ...mail.deliveredTo, ...[...mail.to, ...mail.cc].map((a) => a.address)]
  const byAddress = addresses.slice(0, 200).flatMap((address): Named[] => {
    const { tag } = splitAddress(address)
    const number = tag === '' ? undefined : readToken(sign, org, tag)
    return number ? [{ by: 'address', number }] : []
  })
  const byId = answered.flatMap((id) => numberOf(app, org, id)).map((number): Named => ({ by: 'own-id', number }))
  return [...byAddress, ...byId, ...numbersIn(mail.subject).map((number): Named => ({ by: 'subject', number }))]
}

/** The number a Message-ID of ours names; none for anybody else's. */
function numberOf(app: Pick<Services, 'subkey'>, org: string, id: string): string[] {
  const read = readMessageId(signersOf(app).messageId, org, id)
  return read ? [read.number] : []
}

/** The outbox id within a Message-ID of ours: signed, or as older mails had it. */
function outboxIdOf(app: Pick<Services, 'subkey'>, org: string, id: string): string | undefined {
  const signed = readMessageId(signersOf(app).messageId, org, id)?.what
  const dashed = signed?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const uuid = dashed ?? id.split('@')[0]?.toLowerCase()
  return uuid && isUuid(uuid) ? uuid : undefined
}

async function byNumbers(tx: Tx, org: string, numbers: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (numbers.length === 0) return new Map()
  const rows = await tx.rows<{ id: string; number: string }>(
    sql`select id, number from complaint where org_id = ${org} and number = any (${[...new Set(numbers)]}::text[])`,
  )
  return new Map(rows.map((r) => [r.number, r.id]))
}

type Sent = { readonly complaintId: string; readonly outboxId: string }

/** Which of these Message-IDs are of mails we sent. */
async function sentByUs(
  app: Pick<Services, 'subkey'>,
  tx: Tx,
  org: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Sent>> {
  const byId = new Map(ids.map((id) => [id, outboxIdOf(app, org, id)]))
  const outboxIds = [...new Set([...byId.values()].filter((id) => id !== undefined))]
  if (outboxIds.length === 0) return new Map()
  const rows = await tx.rows<{ id: string; complaint_id: string }>(
    sql`select id, complaint_id from outbox where org_id = ${org} and id = any (${outboxIds}::uuid[]) and channel = 'email'`,
  )
  const found = new Map<string, Sent>()
  for (const [id, outboxId] of byId) {
    const row = rows.find((r) => r.id === outboxId)
    if (row) found.set(id, { complaintId: row.complaint_id, outboxId: row.id })
  }
  return found
}

type IdRow = {
  readonly hash: Buffer
  readonly kind: 'own' | 'cited'
  readonly complaint_id: string
  /** Of an own one: 32 bytes for each mail under this id at the complaint. */
  readonly fingerprint: Buffer | null
  readonly at: number
}

/** Mails that came to one of these mailboxes (or left from one) under an id this one has or answers, or that answered one of those. */
async function storedIds(
  tx: Tx,
  { org, mailboxIds }: Came,
  { answered, own }: { readonly answered: readonly string[]; readonly own: readonly string[] },
): Promise<{ readonly rows: readonly IdRow[] }> {
  const hashes = [...new Set([...answered, ...own])].map(idHash)
  if (hashes.length === 0) return { rows: [] }
  const rows = await tx.rows<IdRow>(
    sql`select hash, kind, complaint_id, fingerprint, at from mail_id
        where org_id = ${org} and hash = any (${hashes}::bytea[]) and mailbox_ids && ${[...mailboxIds]}::uuid[] order by at, complaint_id limit 200`,
  )
  return { rows }
}

/** Whether this mail is here already, as what it would become again: said, or kept beside a complaint. */
function isHere(row: IdRow, mail: ReadMail, wouldGo: string | undefined): boolean {
  const { kind, hash, fingerprint } = row
  if (kind !== 'own' || !hash.equals(idHash(mail.messageId ?? '')) || fingerprint === null) return false
  const automatic = mail.class !== 'human' && mail.class !== 'list'
  const as = ['new', ...(automatic ? ['note', 'bounce'] : []), ...(row.complaint_id === wouldGo ? ['side_note'] : [])]
  return as.some((one) => {
    const at = fingerprint.indexOf(keptPrint(mail.fingerprint, one), 0, 'hex')
    return at >= 0 && at % 32 === 0
  })
}

/** How the complaints stand, and whether the sender is known there. */
async function standingOf(tx: Tx, org: string, hits: readonly Hit[], sender: string): Promise<Candidate[]> {
  if (hits.length === 0) return []
  const ids = hits.map((h) => h.complaintId)
  const rows = await tx.rows<{ id: string; ended: number | null; participant: boolean }>(
    sql`select c.id,
          case when coalesce(s.open, c.open) then null else coalesce(s.closed_at, s.updated_at, c.closed_at, c.updated_at) end as ended,
          exists (select 1 from customer_identity i where i.org_id = ${org} and i.customer_id in (c.customer_id, s.customer_id)
            and i.kind = 'mail' and i.norm = ${sender}) as participant
        from complaint c left join complaint s on s.org_id = c.org_id and s.id = c.merged_into
        where c.org_id = ${org} and c.id = any (${ids}::uuid[])`,
  )
  return hits.flatMap(({ by, complaintId }): Candidate[] => {
    const row = rows.find((r) => r.id === complaintId)
    return row ? [{ by, complaintId, participant: row.participant, endedAt: row.ended }] : []
  })
}

function bouncedOf(
  app: Pick<Services, 'subkey'>,
  org: string,
  enclosed: readonly string[],
  numbers: ReadonlyMap<string, string>,
  sent: ReadonlyMap<string, Sent>,
): Found['bounced'] {
  for (const id of enclosed) {
    const row = sent.get(id)
    if (row) return row
    const complaintId = numbers.get(numberOf(app, org, id)[0] ?? '')
    if (complaintId) return { complaintId, outboxId: null }
  }
  return undefined
}
