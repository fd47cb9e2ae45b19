import { sql } from 'kysely'
import type { z } from 'zod'
import { type Asked, noteChange } from '../catalogue/index.ts'
import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { addMailbox, changeMailbox, MailboxItem } from './contract.ts'
import { standardGraceDays } from './house.ts'

type Given = z.infer<typeof addMailbox.body & object>
type Changed = z.infer<typeof changeMailbox.body & object>

const no = (code: string, status: 404 | 409 | 422, facts: Record<string, unknown> = {}) =>
  new RefusalError({ code: `mail.${code}`, status, facts })

type Row = Omit<MailboxItem, 'last' | 'changed'> & {
  last_at: number | null
  last_state: string | null
  last_reason: string | null
  changed_at: number | null
  changed_by: string | null
  changed_what: string | null
}

/** So many of the newest mails are looked through for the last one of each mailbox. */
const looked = 2_000

/** The mailboxes of an organisation, or one of them; the oldest first. */
export async function readMailboxes({ tx, actor, now }: Asked, id?: string): Promise<MailboxItem[]> {
  const org = actor.org.id
  const rows = await tx.rows<Row>(
    sql`with newest as materialized (
        select m.item_id, m.mailbox_ids, m.received_at from inbound_mail m where m.org_id = ${org}
        order by m.received_at desc limit ${looked})
      select b.id, b.address, b.name, b.team_id as "teamId", b.locale, b.signature, b.type_code as "typeCode", b.off, b.version,
        array(select f.address from former_mailbox_addresses() f where f.mailbox_id = b.id order by f.since, f.address) as former,
        l.received_at as last_at, l.state as last_state, l.reason as last_reason,
        (select count(*)::int from newest n where b.id = any (n.mailbox_ids) and n.received_at > ${new Date(now - 30 * 86_400_000)}) as came,
        c.at as changed_at, c.what as changed_what, s.name as changed_by
      from mailbox b
      left join lateral (
        select n.received_at, i.state, i.reason from newest n
        join inbound_item i on i.org_id = ${org} and i.id = n.item_id
        where b.id = any (n.mailbox_ids) order by n.received_at desc limit 1) l on true
      left join lateral (
        select h.at, h.what, h.staff_id from settings_change h where h.org_id = ${org} and h.list = 'mailboxes' and h.item = b.id::text order by h.id desc limit 1) c on true
      left join staff s on s.org_id = ${org} and s.id = c.staff_id
      where b.org_id = ${org} and ${id === undefined ? sql`true` : sql`b.id = ${id}`} order by b.created_at, b.id`,
  )
  return rows.map(itemOf)
}

function itemOf(r: Row): MailboxItem {
  const { last_at, last_state, last_reason, changed_at, changed_by, changed_what, ...item } = r
  return {
    ...item,
    last: last_at === null ? null : { at: iso(last_at), state: last_state ?? '', reason: last_reason },
    changed: changed_at === null ? null : { at: iso(changed_at), by: changed_by ?? '', what: changed_what ?? '' },
  }
}
const iso = (ms: number) => new Date(ms).toISOString()

async function one(asked: Asked, id: string): Promise<MailboxItem> {
  const [item] = await readMailboxes(asked, id)
  if (!item) throw no('no-such-mailbox', 404)
  return item
}

/** Adds a mailbox; an address is that of one mailbox in the whole installation. */
export async function addOne(asked: Asked, body: Given): Promise<MailboxItem> {
  const { tx, actor, now } = asked
  const org = actor.org.id
  const id = newId(now)
  const address = addressOf(body.address)
  await assertKnown(asked, body)
  const added = await tx.run(
    sql`insert into mailbox (org_id, id, address, name, team_id, locale, signature, type_code, created_at)
        values (${org}, ${id}, ${address}, ${body.name}, ${body.teamId}, ${body.locale}, ${body.signature}, ${body.typeCode}, ${new Date(now)})
        on conflict (org_id, address) do nothing`,
  )
  if (added === 0) throw no('address-taken', 409, { address })
  await claim(asked, id, address)
  await noteChange(asked, { list: 'mailboxes', item: id, what: 'added', before: null, after: { ...body, address } })
  return one(asked, id)
}

/** Changes a mailbox as it was seen. */
export async function changeOne(asked: Asked, id: string, body: Changed): Promise<MailboxItem> {
  const { tx, actor } = asked
  const org = actor.org.id
  await tx.run(sql`select 1 from mailbox where org_id = ${org} and id = ${id} for update`)
  const item = await one(asked, id)
  if (item.version !== body.version) throw no('stale', 409, { version: item.version })
  const before = valuesOf(item)
  const { version: _, ...changes } = body
  const after = { ...before, ...given(changes), ...(body.address ? { address: addressOf(body.address) } : {}) }
  if (JSON.stringify(before) === JSON.stringify(after)) return item
  await assertKnown(asked, changes)
  const taken = await tx.first(
    sql`select 1 as ok from mailbox where org_id = ${org} and address = ${after.address} and id <> ${id}`,
  )
  if (taken) throw no('address-taken', 409, { address: after.address })
  await tx.run(
    sql`update mailbox set address = ${after.address}, name = ${after.name}, team_id = ${after.teamId}, locale = ${after.locale}, signature = ${after.signature},
          type_code = ${after.typeCode}, off = ${after.off}, version = version + 1 where org_id = ${org} and id = ${id}`,
  )
  if (after.address !== before.address) await claim(asked, id, after.address)
  const what = before.off === after.off ? 'changed' : after.off ? 'archived' : 'revived'
  await noteChange(asked, { list: 'mailboxes', item: id, what, before, after })
  return one(asked, id)
}

const valuesOf = ({ address, name, teamId, locale, signature, typeCode, off }: MailboxItem) => ({
  address,
  name,
  teamId,
  locale,
  signature,
  typeCode,
  off,
})

/** Those that were given. */
const given = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as Partial<T>

/** What stands behind a `+` is ours to write there. */
function addressOf(address: string): string {
  const plain = address.trim().toLowerCase()
  if (plain.includes('+')) throw no('bad-address', 422, { address: plain })
  return plain
}

async function claim({ tx, now }: Asked, id: string, address: string): Promise<void> {
  const row = await tx.first<{ ours: boolean }>(
    sql`select claim_mailbox_address(${id}, ${address}, ${new Date(now)}) as ours`,
  )
  if (!row?.ours) throw no('address-taken', 409, { address })
}

async function assertKnown(
  { tx, actor }: Asked,
  { teamId, typeCode }: { readonly teamId?: string | null | undefined; readonly typeCode?: string | null | undefined },
): Promise<void> {
  const row = await tx.first<{ team: boolean; type: boolean }>(
    sql`select (${teamId ?? null}::uuid is null or exists (select 1 from team where org_id = ${actor.org.id} and id = ${teamId ?? null}::uuid and retired_at is null)) as team,
          (${typeCode ?? null}::text is null or exists (select 1 from code where org_id = ${actor.org.id} and list = 'issue' and code = ${typeCode ?? null} and retired_at is null)) as type`,
  )
  const wrong = [...(row?.team ? [] : ['team']), ...(row?.type ? [] : ['type'])]
  if (wrong.length > 0)
    throw new RefusalError({ code: 'intake.unknown-reference', status: 422, facts: { fields: wrong } })
}

export async function readGrace({ tx, actor }: Pick<Asked, 'tx' | 'actor'>): Promise<number> {
  const row = await tx.first<{ days: number | null }>(
    sql`select (settings->>'mailGraceDays')::int as days from organisation where org_id = ${actor.org.id}`,
  )
  return row?.days ?? standardGraceDays
}

export async function writeGrace(asked: Asked, graceDays: number): Promise<void> {
  const before = await readGrace(asked)
  if (before === graceDays) return
  await asked.tx.run(
    sql`update organisation set settings = settings || jsonb_build_object('mailGraceDays', ${graceDays}::int) where org_id = ${asked.actor.org.id}`,
  )
  await noteChange(asked, {
    list: 'mail',
    item: 'grace',
    what: 'changed',
    before: { graceDays: before },
    after: { graceDays },
  })
}
