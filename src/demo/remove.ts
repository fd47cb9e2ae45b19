import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { organisation } from './organisation.ts'

/**
 * Removes the demo organisation wholly: its rows, the accounts of its people (unless they work elsewhere too) and its
 * files. Gives the number of rows. Refuses demo.not-there (404), and demo.not-a-demo (409) for any other organisation.
 */
export async function removeDemo(app: Services, slug = organisation.slug): Promise<{ rows: number }> {
  const removed = await app.db.withoutScope(async (tx) => {
    // The app's role sees nothing outside its organisation and may delete no event; the whole installation's does.
    await tx.run(sql`set local role redress_system`)
    const found = await tx.first<{ org_id: string; demo: boolean }>(
      sql`select org_id, demo from organisation where slug = ${slug} for update`,
    )
    if (!found) throw new RefusalError({ code: 'demo.not-there', status: 404, facts: { slug } })
    if (!found.demo) throw new RefusalError({ code: 'demo.not-a-demo', status: 409, facts: { slug } })
    await removeAccounts(tx, found.org_id)
    let rows = 0
    for (const table of await tenantTables(tx))
      rows += await tx.run(sql`delete from ${sql.table(table)} where org_id = ${found.org_id}`)
    return { org: found.org_id, rows }
  })
  const blobs = app.blobs(removed.org)
  for await (const { sha256 } of blobs.list()) await blobs.delete(sha256)
  return { rows: removed.rows }
}

/** Accounts and sessions belong to the owner of the schema alone, who is whoever this connection signed in as. */
async function removeAccounts(tx: Tx, org: string): Promise<void> {
  await tx.run(sql`set local role none`)
  await tx.run(sql`delete from auth.session where org_id = ${org}`)
  await tx.run(
    sql`delete from auth."user" u using staff s where s.org_id = ${org} and s.user_id = u.id
          and not exists (select 1 from staff other where other.user_id = u.id and other.org_id <> ${org})`,
  )
  await tx.run(sql`set local role redress_system`)
}

/** Every tenant table, those that point at others first; a table that points at itself may be emptied at once. */
async function tenantTables(tx: Tx): Promise<string[]> {
  const tables = await tx.rows<{ name: string; needed_by: string[] }>(
    sql`select c.relname::text as name,
          coalesce((select array_agg(distinct r.relname::text) from pg_constraint k join pg_class r on r.oid = k.conrelid
            where k.contype = 'f' and k.confrelid = c.oid and k.conrelid <> c.oid and r.relnamespace = c.relnamespace), '{}') as needed_by
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by c.relname`,
  )
  const ordered: string[] = []
  while (ordered.length < tables.length) {
    const free = tables.find(
      ({ name, needed_by }) => !ordered.includes(name) && needed_by.every((other) => ordered.includes(other)),
    )
    if (!free) throw new Error('tenant tables point at each other in a circle')
    ordered.push(free.name)
  }
  return ordered
}
