import { DatabaseProblem } from './problem.ts'

type Asker = { query(sql: string): Promise<{ rows: Record<string, unknown>[] }> }

/** The oldest PostgreSQL that Redress runs on. */
export const oldestVersion = 15

/** Throws `DatabaseProblem`, one clear line, when the server is too old or may lose rows it has acknowledged. */
export async function checkServer(client: Asker): Promise<void> {
  const { rows } = await client.query(
    `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes, current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('server_encoding') AS encoding`,
  )
  const found = rows[0] ?? {}
  if (Number(found.version) < oldestVersion) {
    throw new DatabaseProblem(
      `the database is PostgreSQL ${found.version}, and Redress needs ${oldestVersion} or newer`,
    )
  }
  if (found.encoding !== 'UTF8')
    throw new DatabaseProblem(`the database is encoded in ${found.encoding}, and Redress needs UTF8`)
  const off = ['fsync', 'full_page_writes', 'synchronous_commit'].filter((name) => found[name] === 'off')
  if (off.length > 0)
    throw new DatabaseProblem(`the database would lose acknowledged complaints in a crash: turn on ${off.join(', ')}`)
}
