import { globSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'

// What an address of the desk says is read by the same contracts in a browser, where a small stand-in reads for zod.

const contracts = async () => ({
  ...(await import('../../complaints/contract.ts')),
  ...(await import('../../customers/contract.ts')),
  ...(await import('../../insights/contract.ts')),
  ...(await import('../../people/contract.ts')),
  ...(await import('../../views/contract.ts')),
})
const real = await contracts()
vi.resetModules()
vi.doMock('zod', () => import('./shapes.ts'))
const here = await contracts()

const said = [
  '',
  'x',
  'mine',
  'all',
  'true',
  'false',
  'any',
  'overdue',
  'customer',
  'third_party',
  'named',
  'high',
  'unassessed',
  'received',
  'type',
  'week',
  'custom',
  'before',
  'none',
  '客訴',
  'x'.repeat(40),
  'x'.repeat(41),
  '2026-02-28',
  '2026-02-29',
  '2024-02-29',
  '2026-13-01',
  '2026-1-1',
  ' 2026-01-01',
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00+08:00',
  '2026-01-01T00:00:00',
  '2026-01-01T24:00:00Z',
  '0197f3a0-0000-7000-8000-000000000001',
  '0197F3A0-0000-7000-8000-000000000001',
  '0197f3a0',
  '[object Object]',
  undefined,
]

describe('shapes in a browser', () => {
  for (const name of ['filters', 'figuresQuery'] as const)
    it(`read each part of ${name} as the server does`, () => {
      const shapes = Object.entries(real[name].shape)
      expect(Object.keys(here[name].shape)).toEqual(shapes.map(([part]) => part))
      for (const [part, shape] of shapes)
        for (const value of said) {
          const { success, data } = shape.safeParse(value)
          const mine = (here[name].shape as Record<string, typeof shape>)[part]?.safeParse(value)
          expect({ part, value, success: mine?.success, data: mine?.data }).toEqual({ part, value, success, data })
        }
    })

  it('name the same values', () => {
    for (const name of ['finding', 'preferredChannel', 'notUsed', 'scopeName'] as const) {
      expect(here[name].options).toEqual(real[name].options)
      for (const value of real[name].options) expect(here[name].parse(value)).toBe(value)
      expect(() => here[name].parse('x')).toThrow()
    }
  })

  it('keep addresses, and whether there is a body', () => {
    for (const [name, endpoint] of Object.entries(real))
      if (typeof endpoint === 'object' && 'path' in endpoint) {
        const mine = here[name as 'openComplaint']
        expect([mine.id, mine.method, mine.path, 'body' in mine]).toEqual([
          endpoint.id,
          endpoint.method,
          endpoint.path,
          'body' in endpoint,
        ])
      }
  })

  it('are enough for every contract to be loaded', async () => {
    const files = globSync('src/*/contract.ts')
    expect(files.length).toBeGreaterThan(10)
    for (const file of files) await import(`../../../${file}`)
  })

  it('throw where a browser would parse something else', () => {
    expect(() => here.openComplaint.reply.safeParse({})).toThrow('shapes.ts')
  })
})
