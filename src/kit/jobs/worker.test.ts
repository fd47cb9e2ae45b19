import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testing/database.ts'
import { runWorker, type Tasks } from './worker.ts'

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await freshDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

const log = pino({ level: 'silent' })
const add = (task: string, payload: object = {}) =>
  client.query('select enqueue_job($1, $2::json)', [task, JSON.stringify(payload)])
const work = (tasks: Tasks) => runWorker({ url: database.url, tasks, log })
async function until(test: () => boolean | Promise<boolean>, within = 10_000) {
  const end = Date.now() + within
  while (!(await test())) {
    if (Date.now() > end) throw new Error('it did not come to pass')
    await new Promise((soon) => setTimeout(soon, 25))
  }
}

it('does what is enqueued, and what failed again', async () => {
  const done: unknown[] = []
  const worker = await work({
    greet: async (payload) => {
      done.push(payload)
      if (done.length === 1) throw new Error('the first time never works')
    },
  })
  await add('greet', { to: '美琳' })
  await until(() => done.length === 2)
  expect(done[1]).toEqual({ to: '美琳' })
  await worker.stop()
})

it('lets a running job end before it stops, and takes no other', async () => {
  const said: string[] = []
  let begun = false
  const worker = await work({
    slow: async () => {
      begun = true
      await new Promise((later) => setTimeout(later, 400))
      said.push('done')
    },
  })
  await add('slow')
  await until(() => begun)
  await worker.stop()
  expect(said).toEqual(['done'])
  const { rows } = await client.query('select from graphile_worker._private_jobs')
  expect(rows.length, 'noted as done, not left for another worker to do again').toBe(0)
})

it('jobs of a killed worker are done by another within a minute', async () => {
  await add('hang')
  const script = `
    import pino from 'pino'
    import { runWorker } from '${fileURLToPath(new URL('./worker.ts', import.meta.url))}'
    await runWorker({ url: '${database.url}', log: pino({ level: 'silent' }), tasks: { hang: () => new Promise(() => { console.log('holding'); setInterval(() => {}, 1000) }) } })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
  })
  let held = ''
  child.stdout.on('data', (bytes: Buffer) => {
    held += bytes.toString()
  })
  await until(() => held.includes('holding'))
  child.kill('SIGKILL')
  let done = false
  const worker = await work({
    hang: async () => {
      done = true
    },
  })
  await until(() => done, 60_000)
  await worker.stop()
}, 90_000)
