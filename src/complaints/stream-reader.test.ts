import { expect, it } from 'vitest'
import type { Batch } from './stream-feed.ts'
import { sseReader } from './stream-reader.ts'

const audience = { teamId: 't', ownerId: null, restricted: false, access: [], helpers: [], subjects: [] }
const batch = (n: number, size = 1): Batch => ({
  told: Array.from({ length: size }, (_, i) => ({
    complaintId: `c${n}-${i}`,
    change: { text: `{"n":${n}}`, audience },
    before: [],
    noticed: [],
  })),
  end: { xid: String(n), id: '1' },
})
function pipe(writableLength = 0) {
  const written: string[] = []
  const out = {
    written,
    destroyed: false,
    writableLength,
    write: (t: string) => written.push(t) > 0,
    end: () => out,
    destroy: () => ((out.destroyed = true), out),
  }
  return out
}
const everything = { org: 'o', staff: 's', scope: 'organisation' as const }

it('the cursor goes out with the last event of a batch only, so that a cut batch comes again whole', () => {
  const out = pipe()
  sseReader(out as never, 'e', everything, true).take(batch(7, 3))
  const blocks = out.written.join('').trim().split('\n\n')
  expect(blocks.map((b) => b.includes('id: '))).toEqual([false, false, true])
  expect(blocks[2]).toContain('id: e.7.1')
})

it('a reader that sees nothing of a batch still moves on with the next heartbeat', () => {
  const out = pipe()
  const reader = sseReader(out as never, 'e', { org: 'o', staff: 's', scope: 'none' }, true)
  reader.take(batch(9))
  expect(out.written).toEqual([])
  reader.beat()
  expect(out.written.join('')).toBe(': beat\nid: e.9.1\n\n')
})

it('one that does not read is dropped instead of filling the memory', () => {
  const out = pipe(1_000_001)
  sseReader(out as never, 'e', everything, true).take(batch(1))
  expect(out).toMatchObject({ destroyed: true, written: [] })
})

it('who may not know who complains is told the same without the name', () => {
  const named = pipe()
  const bare = pipe()
  const told: Batch = {
    told: [
      {
        complaintId: 'c',
        change: { text: '{"who":"吳"}', nameless: '{"who":null}', audience },
        before: [],
        noticed: [],
      },
    ],
    end: { xid: '1', id: '1' },
  }
  sseReader(named as never, 'e', everything, true).take(told)
  sseReader(bare as never, 'e', everything, false).take(told)
  expect([named.written.join('').includes('吳'), bare.written.join('').includes('吳')]).toEqual([true, false])
})
