import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCli } from '../../src/cli/index.ts'
import { importWorld, type ImportWorld } from '../../src/import/import-world.ts'

// An import is killed again and again, while it brings in and while it makes findable, and gone on with: no row is lost or doubled.

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const rows = 1500
let world: ImportWorld
let file: string
beforeAll(async () => {
  world = await importWorld()
  file = join(world.dataDir, 'old.csv')
  const line = (_: unknown, i: number) =>
    `K-${i},2024-03-0${1 + (i % 9)} 10:00,${i % 20 ? '2024-04-01 09:00' : ''},It smokes ${i},The battery smokes,p${i % 700}@mail.test`
  await writeFile(file, ['id,received,closed,title,text,email', ...Array.from({ length: rows }, line)].join('\n'))
}, 60_000)
afterAll(() => world.stop())

function redress(...args: string[]): ChildProcess {
  const env = { ...process.env, REDRESS_DATA: world.dataDir, DATABASE_URL: world.url, LOG_LEVEL: 'error' }
  return spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

type Run = { id: string; state: string; done: number; found: number; imported: number }
const theRun = async () =>
  (await world.rows<Run>('select id, state, done, found, imported from import_run where org_id = $1', [world.org]))[0]

/** Kills it as soon as it has come further; the next transaction has begun by then. */
async function killedOnceFurther(command: ChildProcess, placeOf: (run: Run | undefined) => number): Promise<void> {
  const from = placeOf(await theRun())
  const gone = once(command, 'exit')
  while (command.exitCode === null && placeOf(await theRun()) <= from) await new Promise((r) => setTimeout(r, 5))
  command.kill('SIGKILL')
  await gone
}

/** Whoever has been silent for a minute is taken for dead. */
const aMinuteLater = () =>
  world.rows(`update import_run set beat_at = beat_at - interval '2 minutes' where org_id = $1 returning id`, [
    world.org,
  ])

it('killed in the middle and gone on with, three times over: all rows once, all findable, nothing wrong', async () => {
  await killedOnceFurther(redress('import', file), (run) => run?.done ?? 0)
  const id = (await theRun())?.id ?? ''
  for (const placeOf of [(run?: Run) => run?.done ?? 0, (run?: Run) => run?.found ?? 0]) {
    await aMinuteLater()
    await killedOnceFurther(redress('import', file, '--resume', id), placeOf)
  }
  expect(await theRun()).toMatchObject({ done: rows, imported: rows })
  // The worker goes on with what it is found by.
  await world.find(id)
  const [counted] = await world.rows(
    `select count(*)::int as complaints, count(distinct source_id)::int as ids,
        (select count(*)::int from customer_identity where org_id = $1) as people,
        (select count(*)::int from search_row where org_id = $1 and message_id is null) as heads,
        (select count(*)::int from search_row where org_id = $1 and message_id is not null) as said from import_item where org_id = $1`,
    [world.org],
  )
  expect(counted).toEqual({ complaints: rows, ids: rows, people: 700, heads: rows, said: rows })
  const said: string[] = []
  const quiet = { print: (line: string) => said.push(line), complain: () => undefined, input: async () => '' }
  await runCli(['verify', '--json'], { REDRESS_DATA: world.dataDir, DATABASE_URL: world.url }, quiet)
  expect(JSON.parse(said.join(''))).toMatchObject({ ok: true, complaints: rows, wrong: 0 })
}, 300_000)
