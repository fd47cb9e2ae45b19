import { once } from 'node:events'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/** Rows by COPY, one connection a table. Values: null, text, number, boolean, Buffer (bytea) or ready arrays as text. */
export type Sink = {
  row(values: readonly Value[]): void
  /** Waits while the server is behind. */
  drained(): Promise<void>
  end(): Promise<number>
}
export type Value = string | number | boolean | Buffer | null

const special = /[\\\n\r\t]/
const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function field(value: Value): string {
  if (value === null) return '\\N'
  if (typeof value === 'string')
    return special.test(value) ? value.replace(/[\\\n\r\t]/g, (c) => escapes[c] ?? c) : value
  if (typeof value === 'object') return `\\\\x${value.toString('hex')}`
  if (typeof value === 'boolean') return value ? 't' : 'f'
  return String(value)
}

/**
 * Foreign keys are not checked while the world is laid out: its rows fit by the way they are made. A table that is `emptied`
 * in the same transaction needs no log, and its rows come frozen: nothing is left for vacuum to write again.
 */
export async function openSink(
  url: string,
  table: string,
  columns: readonly string[],
  emptied: boolean,
): Promise<Sink> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('set session_replication_role = replica; set synchronous_commit = off')
  await client.query(emptied ? `begin; truncate ${table}` : 'begin')
  const how = emptied ? ' with (freeze)' : ''
  const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin${how}`))
  const failed = new Promise<never>((_, reject) => stream.once('error', reject))
  failed.catch(() => undefined)
  let text = ''
  let full = false
  const flush = () => {
    if (text !== '' && !stream.write(text)) full = true
    text = ''
  }
  return {
    row(values) {
      let line = ''
      for (let i = 0; i < values.length; i += 1)
        line += i === 0 ? field(values[i] ?? null) : `\t${field(values[i] ?? null)}`
      text += `${line}\n`
      if (text.length > 262_144) flush()
    },
    async drained() {
      if (!full) return
      full = false
      if (stream.writableNeedDrain) await Promise.race([once(stream, 'drain'), failed])
    },
    async end() {
      flush()
      stream.end()
      await Promise.race([once(stream, 'finish'), failed])
      await client.query('commit')
      await client.end()
      return stream.rowCount ?? 0
    },
  }
}
