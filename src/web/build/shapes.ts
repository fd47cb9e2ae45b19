import { regexes } from 'zod/v4/core'

// Stands for "zod" in a browser (vite.config.ts), 50 KB smaller. Contracts are types and addresses there: the server parses
// what comes and what it answers. Only what an address of the desk says is read here, and the values of an enum.

const no = Symbol('no')
type Read = (value: unknown) => unknown

const known: Record<string, (...given: never[]) => unknown> = {
  string: () => text(() => true),
  uuid: () => text((v) => regexes.uuid().test(v)),
  enum: (options: readonly unknown[]) => shapeOf(oneOf(options), { options }),
  literal: (value: unknown) => shapeOf(oneOf([value])),
  object: (shape: Record<string, Shape>) => objectOf(shape),
}
const iso: typeof known = {
  date: () => text((v) => regexes.date.test(v)),
  datetime: (options: Parameters<typeof regexes.datetime>[0] = {}) => text((v) => regexes.datetime(options).test(v)),
}

/** A shape: `safeParse` as zod's where it is known here; where not, it is inert until somebody parses by it, and throws. */
type Shape = { readonly read: Read }

function shapeOf(read: Read, more: Record<string, unknown> = {}): Shape {
  const own: Record<string | symbol, unknown> = {
    read,
    safeParse: (value: unknown) => {
      const data = read(value)
      return data === no ? { success: false } : { success: true, data }
    },
    parse: (value: unknown) => {
      const data = read(value)
      if (data === no) throw new Error('not of its shape')
      return data
    },
    optional: () => shapeOf((v) => (v === undefined ? v : read(v)), { unwrap: () => whole }),
    default: (value: unknown) => shapeOf((v) => (v === undefined ? value : read(v)), { unwrap: () => whole }),
    or: (other: Shape) => shapeOf((v) => (read(v) === no ? other.read(v) : read(v))),
    ...more,
  }
  const whole = new Proxy(own, {
    get: (_, name) => (name in own || typeof name === 'symbol' ? own[name] : method(name)),
  })
  return whole as unknown as Shape
}

function text(holds: (value: string) => boolean): Shape {
  const also = (rule: (value: string) => boolean) => text((v) => holds(v) && rule(v))
  return shapeOf((v) => (typeof v === 'string' && holds(v) ? v : no), {
    max: (most: number) => also((v) => v.length <= most),
    min: (least: number) => also((v) => v.length >= least),
  })
}

function objectOf(shape: Record<string, Shape>): Shape {
  return shapeOf(unread, { shape, extend: (more: Record<string, Shape>) => objectOf({ ...shape, ...more }) })
}

const oneOf =
  (options: readonly unknown[]): Read =>
  (v) =>
    options.includes(v) ? v : no

function unread(): never {
  throw new Error('a shape that browsers do not know: see src/web/build/shapes.ts')
}
/** What asks something of a shape is not there where it is not known: to call it throws. */
const asks = new Set([
  'then',
  'shape',
  'options',
  'enum',
  'element',
  'parseAsync',
  'safeParseAsync',
  'decode',
  'encode',
])
const method = (name: string) => (asks.has(name) ? undefined : inert)
const inert = () => shapeOf(unread)

/** As zod's `z`. */
export const z: unknown = new Proxy(known, {
  get: (_, name) => (name === 'iso' ? of(iso) : (known[String(name)] ?? of({}))),
})

/** A family of shapes (`z.iso`, `z.coerce`), or the maker of one that is not known here. */
function of(family: typeof known): unknown {
  return new Proxy(inert, { get: (_, name) => family[String(name)] ?? inert })
}
