import { sql } from 'kysely'
import type { Database } from '../../kit/db/database.ts'
import type { ImapSettings } from './contract.ts'

/** A mailbox this process fetches. */
export type Leased = {
  readonly org: string
  readonly mailboxId: string
  readonly address: string
  readonly version: number
  readonly settings: ImapSettings
  readonly secret: Buffer | null
}

/**
 * Takes and renews: every mailbox that is fetched and that no other process has in hand, for `seconds` from now by the
 * database's clock. What this process had and is not given again, it has no more.
 */
export function lease(systemDb: Database, owner: string, seconds: number): Promise<Leased[]> {
  return systemDb.withoutScope((tx) =>
    tx.rows<Leased>(
      sql`update imap_state s set leased_by = ${owner}, leased_until = now() + make_interval(secs => ${seconds})
          from organisation o join mailbox m on m.org_id = o.org_id
          where s.org_id = m.org_id and s.mailbox_id = m.id and m.comes_by = 'imap' and not m.off and m.imap is not null
            and (s.leased_by = ${owner} or s.leased_until is null or s.leased_until < now())
          returning m.org_id as org, m.id as "mailboxId", m.address, m.version, m.imap as settings, m.secret`,
    ),
  )
}

/** Others may take at once what this process had. */
export async function releaseLeases(systemDb: Database, owner: string): Promise<void> {
  await systemDb.withoutScope((tx) =>
    tx.run(
      sql`update imap_state s set leased_by = null, leased_until = null from organisation o where s.org_id = o.org_id and s.leased_by = ${owner}`,
    ),
  )
}
