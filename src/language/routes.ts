import type { App } from '../app.ts'
import { on } from '../kit/http/serve.ts'
import { readings } from './contract.ts'
import { readingsOf } from './readings.ts'

/** Here, and not in the browser: the dictionary behind it is larger than the desk. */
export function languageRoutes(app: App): void {
  on(app.binding, readings, 'self').answer(async ({ body }) => ({
    keys: body.texts.map((text) => [...readingsOf(text)]),
  }))
}
