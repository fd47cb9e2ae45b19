import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../test/world/world.ts'

// A test of a mail goes to whoever asks for it; nobody sends mail to others by it.

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { SMTP_URL: 'smtp://127.0.0.1:9/?from=care@harbour.example' } })
})
afterAll(() => world.stop())

it('twenty an hour of a house, however many are asked for at once, and each to whoever asked', async () => {
  const ask = (more: object = {}) =>
    world.as('admin')('POST', '/api/v1/settings/mail-tests', { kind: 'reply', locale: 'en', ...more })
  expect((await ask({ to: 'victim@bank.example' })).statusCode).toBe(400)
  const given = await Promise.all(Array.from({ length: 30 }, () => ask()))
  expect(given.map((r) => r.statusCode).sort()).toEqual([...Array(20).fill(201), ...Array(10).fill(429)])
  const { rows } = await world.app.systemDb.pool.query('select distinct recipient from mail_test')
  expect(rows).toEqual([{ recipient: 'admin@harbour.test' }])
})
