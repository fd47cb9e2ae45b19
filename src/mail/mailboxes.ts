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

/** An address as somebody wrote it, and whose it is. */
export type At = { readonly address: string; readonly org: string; readonly mailboxId: string; readonly off: boolean }

/** Whose these addresses are, `+` and what follows it left out; nobody's are not among them. */
export async function lookUp(app: Pick<Services, 'db'>, addresses: readonly string[]): Promise<At[]> {
  const plain = addresses.map((address) => ({ address, mailbox: splitAddress(address).mailbox }))
  const asked = [...new Set(plain.map((p) => p.mailbox))]
  const rows = await app.db.withoutScope((tx) =>
    tx.rows<{ address: string; org_id: string; mailbox_id: string; off: boolean }>(
      sql`select address, org_id, mailbox_id, off from mailboxes_at(${asked}::text[])`,
      'mailboxes-at',
    ),
  )
  const known = new Map(rows.map((r) => [r.address, r]))
  return plain.flatMap(({ address, mailbox }) => {
    const row = known.get(mailbox)
    return row ? [{ address, org: row.org_id, mailboxId: row.mailbox_id, off: row.off }] : []
  })
}

/** Where a mail to these addresses goes; those that are off are not among the destinations. */
export function destinationsAmong(all: readonly At[]): {
  readonly found: readonly Destination[]
  readonly off: readonly string[]
} {
  const byOrg = new Map<string, { mailboxIds: string[]; rcptTo: string[] }>()
  for (const { address, org, mailboxId } of all.filter((at) => !at.off)) {
    const of = byOrg.get(org) ?? { mailboxIds: [], rcptTo: [] }
    if (!of.mailboxIds.includes(mailboxId)) of.mailboxIds.push(mailboxId)
    of.rcptTo.push(address)
    byOrg.set(org, of)
  }
  return {
    found: [...byOrg].map(([org, of]) => ({ org, ...of })),
    off: all.filter((at) => at.off).map((at) => at.address),
  }
}

/** Both: asked now. */
export async function destinationsOf(
  app: Pick<Services, 'db'>,
  addresses: readonly string[],
): Promise<ReturnType<typeof destinationsAmong>> {
  return destinationsAmong(await lookUp(app, addresses))
}
