import pino from 'pino'
import { makeApp } from '../src/app.ts'
import { readConfig } from '../src/kit/config.ts'

// The program as a child of the bench: the server role alone, on a free loopback port, which it tells on its first line.
const app = await makeApp({
  config: readConfig(process.env),
  databaseUrl: process.env.DATABASE_URL ?? '',
  log: pino({ level: 'warn' }),
  embedded: true,
})
await app.server.listen({ port: 0, host: '127.0.0.1' })
const address = app.server.server.address()
console.log(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)))
