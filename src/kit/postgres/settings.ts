import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import type { Place } from './place.ts'

const ownFile = (place: Place) => join(place.cluster, 'redress.conf')

/**
 * Writes the settings the launcher owns. `local.conf` beside them is the operator's and wins; `checkServer` still
 * refuses one that would lose acknowledged rows.
 */
export function writeSettings(place: Place, port: number, more: Readonly<Record<string, string>> = {}): void {
  const values = { ...settings(), unix_socket_directories: socketFolder(place), ...more, port: String(port) }
  const lines = Object.entries(values).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`)
  writeFileSync(
    ownFile(place),
    `# Written at every start: put your own settings into local.conf.\n${lines.join('\n')}\n`,
  )
  const main = join(place.cluster, 'postgresql.conf')
  if (readFileSync(main, 'utf8').includes('redress.conf')) return
  appendFileSync(main, "\ninclude_if_exists = 'redress.conf'\ninclude_if_exists = 'local.conf'\n")
}

/** The cluster's own folder, closed to other users; none where the path would be too long for a socket (107 bytes) or read as a list. */
function socketFolder(place: Place): string {
  const usable = process.platform !== 'win32' && Buffer.byteLength(place.cluster) <= 85 && !/[,"\\]/.test(place.cluster)
  return usable ? place.cluster : ''
}

/** A sixteenth of the memory, 128 to 1,024 MB: pages found here are neither copied nor summed again. */
function sharedMb(memoryMb: number): number {
  return Math.round(Math.min(1024, Math.max(128, memoryMb / 16)))
}

function settings(): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    max_connections: '100',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    shared_buffers: `${sharedMb(totalmem() / 2 ** 20)}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    effective_cache_size: `${Math.round(totalmem() / 2 / 2 ** 20)}MB`,
    min_wal_size: '256MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '10min',
    random_page_cost: '1.1',
    jit: 'off',
    // Plans are made for the rows there are: within seconds, not a minute, once a new installation gets its first ones.
    autovacuum_naptime: '15s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // A week of files, each day overwriting that of the week before.
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgresql-%a.log',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    log_truncate_on_rotation: 'on',
    // Statements and row values carry personal data: they stay out of the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  }
}

/** The port of the last start, as long as it is free; else another free one on the loopback. */
export async function choosePort(place: Place): Promise<number> {
  const last = savedPort(place)
  if (last && (await isFree(last))) return last
  for (let tries = 0; tries < 50; tries++) {
    // Below the range the kernel lends to outgoing connections, so that the port is still free at the next start.
    const port = 15_432 + Math.floor(Math.random() * 17_000)
    if (await isFree(port)) return port
  }
  return 0
}

function savedPort(place: Place): number | undefined {
  if (!existsSync(ownFile(place))) return undefined
  const found = /^port = '(\d+)'/m.exec(readFileSync(ownFile(place), 'utf8'))?.[1]
  return found ? Number(found) : undefined
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer()
    probe.once('error', () => answer(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => answer(true)))
  })
}
