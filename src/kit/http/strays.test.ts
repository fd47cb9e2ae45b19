import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { strays } from './strays.ts'

const address = z.object({ city: z.string(), more: z.object({ floor: z.number() }).nullable().default(null) })
const shape = z
  .object({
    name: z.string(),
    address: address.optional(),
    lines: z.array(z.object({ text: z.string() })),
    free: z.unknown(),
    facts: z.record(z.string(), z.object({ n: z.number() })),
    way: z.union([
      z.object({ kind: z.literal('a'), a: z.string() }),
      z.object({ kind: z.literal('b'), b: z.string() }),
    ]),
    trimmed: z.string().transform((s) => s.trim()),
  })
  .partial()
  .refine(() => true)

describe('keys nobody asked for', () => {
  it.each([
    ['none in nothing', {}, []],
    ['none where all are known', { name: 'x', address: { city: 'y' }, lines: [{ text: '' }] }, []],
    ['at the top', { nmae: 'x' }, ['nmae']],
    ['inside an object', { address: { city: 'y', zip: '1' } }, ['address.zip']],
    ['inside what may be null', { address: { city: 'y', more: { floor: 1, door: 2 } } }, ['address.more.door']],
    ['in each of a list', { lines: [{ text: '' }, { text: '', by: 1 }] }, ['lines.1.by']],
    ['not in what is free', { free: { any: { thing: 1 } } }, []],
    ['below free names', { facts: { mine: { n: 1, m: 2 } } }, ['facts.mine.m']],
    ['of the other kind', { way: { kind: 'a', a: 'x', b: 'y' } }, ['way.b']],
    ['not of names that objects have by birth', { hasOwnProperty: 1 }, ['hasOwnProperty']],
  ])('%s', (_, value, found) => expect(strays(shape, value).map((p) => p.join('.'))).toEqual(found))
})
