import pino from 'pino'
import { makeApp } from '../app.ts'
import type { Command } from './command.ts'
import { withDatabase } from './installation.ts'

export const openapi: Command = {
  name: 'openapi',
  about: 'Prints the OpenAPI 3.1 description of the HTTP API.',
  details: 'The same document that the program serves at /api/v1/openapi.json.',
  examples: ['openapi > redress.openapi.json'],
  run: (call) =>
    withDatabase(call.config, async ({ url, embedded }) => {
      const app = await makeApp({ config: call.config, databaseUrl: url, log: pino({ level: 'silent' }), embedded })
      try {
        const reply = await app.server.inject({ url: '/api/v1/openapi.json' })
        const document: unknown = reply.json()
        call.say(JSON.stringify(document, null, 2))
        call.result(document)
        return 0
      } finally {
        await app.close()
      }
    }),
}
