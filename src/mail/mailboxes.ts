import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'
import { splitAddress } from './domain/token.ts'

/** A mailbox as mail needs it; team and type only while they are in use. */
export type Mailbox = {
  readonly id: string
  readonly address: string
  readonly name: string
  readonly locale: string
  readonly signature: string
  readonly teamId: string | null
  readonly typeCode: string | null
  readonly off: boolean
}

/** The mailboxes of an organisation, the oldest first. */
export function mailboxesOf(tx: Tx, org: string): Promise<Mailbox[]> {
  return tx.rows<Mailbox>(
    sql`select m.id, m.address, m.name, m.locale, m.signature, m.off,
          (select t.id from team t where t.org_id = m.org_id and t.id = m.team_id and t.retired_at is null) as "teamId",
          (select c.code from code c where c.org_id = m.org_id and c.list = 'issue' and c.code = m.type_code and c.retired_at is null) as "typeCode"
        from mailbox m where m.org_id = ${org} order by m.created_at, m.id`,
    'mailboxes',
  )
}

/** Where a mail to these addresses goes: a line an organisation, with the addresses as they were written. */
export type Destination = {
  readonly org: string
  readonly mailboxIds: readonly string[]
  readonly rcptTo: readonly string[]
}

/** Which mailboxes these addresses mean, `+` and what follows it left out; those that are off or nobody's are not among them. */
export async function destinationsOf(
  app: Pick<Services, 'db'>,
  addresses: readonly string[],
): Promise<{ readonly found: readonly Destination[]; readonly off: readonly string[] }> {
  const plain = new Map(addresses.map((a) => [a, splitAddress(a).mailbox]))
  const rows = await app.db.withoutScope((tx) =>
    tx.rows<{ address: string; org_id: string; mailbox_id: string; off: boolean }>(
      sql`select address, org_id, mailbox_id, off from mailboxes_at(${[...new Set(plain.values())]}::text[])`,
    ),
  )
  const byOrg = new Map<string, { mailboxIds: string[]; rcptTo: string[] }>()
  const off: string[] = []
  for (const address of addresses) {
    const row = rows.find((r) => r.address === plain.get(address))
    if (!row) continue
    if (row.off) {
      off.push(address)
      continue
    }
    const of = byOrg.get(row.org_id) ?? { mailboxIds: [], rcptTo: [] }
    if (!of.mailboxIds.includes(row.mailbox_id)) of.mailboxIds.push(row.mailbox_id)
    of.rcptTo.push(address)
    byOrg.set(row.org_id, of)
  }
  return { found: [...byOrg].map(([org, of]) => ({ org, ...of })), off }
}
