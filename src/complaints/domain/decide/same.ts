import { canonicalJson } from '../../../kit/pure/jcs.ts'

const written = (value: unknown) => canonicalJson(JSON.parse(JSON.stringify(value ?? null)))

/** Whether two values of events or states say the same. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || written(a) === written(b)
}
