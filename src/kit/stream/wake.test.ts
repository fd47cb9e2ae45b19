import { afterEach, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../testing/database.ts'
import { openProxy, type Proxy } from '../testing/proxy.ts'
import { openWakes, type Wakes } from './wake.ts'

const org = '018f0000-0000-7000-8000-000000000001'
let database: TestDatabase
let proxy: Proxy
const opened: Wakes[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((wakes) => wakes.close()))
  await proxy.close()
  await database.drop()
})

it.each(['silent', 'cut'] as const)('a connection that went %s is noticed and made anew', async (line) => {
  database = await freshDatabase()
  proxy = await openProxy(database.url)
  const heard: (string | undefined)[] = []
  // Without the poll, so that nothing but the connection itself can bring the news.
  const listening = open(proxy.url)
  const speaking = open(database.url)
  listening.on((of) => heard.push(of))
  await expect.poll(() => saying(speaking, heard), { timeout: 20_000 }).toContain(org)
  proxy.set(line)
  proxy.set('open')
  heard.length = 0
  await expect.poll(() => saying(speaking, heard), { timeout: 20_000 }).toContain(org)
})

function open(url: string): Wakes {
  const wakes = openWakes({ url, pollMs: 3_600_000, proveMs: 1_000, notifyEveryMs: 10 })
  opened.push(wakes)
  return wakes
}

function saying(wakes: Wakes, heard: readonly (string | undefined)[]) {
  wakes.wake(org)
  return heard
}
