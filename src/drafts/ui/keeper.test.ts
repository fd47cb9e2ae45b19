import { describe, expect, it } from 'vitest'
import type { Draft } from '../contract.ts'
import { type Doors, keepDraft, Refused, type Unsaved } from './keeper.ts'

// One draft between a window and a server, both by hand: the clock moves only when told.

const at = (ms: number) => new Date(ms).toISOString()
const stored = (value: string, version: number, more: Partial<Draft> = {}): Draft => ({
  key: 'k',
  value,
  version,
  writer: 'elsewhere',
  other: null,
  updatedAt: at(version),
  ...more,
})

function desk(start: { here?: Unsaved<string> | null; there?: Draft | null } = {}) {
  let now = 1_000_000
  let timers: { at: number; work: () => void }[] = []
  const server = { draft: start.there ?? (null as Draft | null), down: false, refuse: '' }
  const here = { unsaved: start.here ?? (null as Unsaved<string> | null) }
  const doors: Doors<string> = {
    writer: 'w',
    now: () => now,
    later: (work, ms) => {
      const timer = { at: now + ms, work }
      timers.push(timer)
      return () => {
        timers = timers.filter((t) => t !== timer)
      }
    },
    keepHere: (unsaved) => {
      here.unsaved = unsaved
    },
    put: async (value, base, { dropOther }) => {
      if (server.down) throw new Error('no answer')
      if (server.refuse) throw new Refused(server.refuse)
      const was = server.draft
      const conflict = was && was.version !== base && was.writer !== 'w' && was.value !== value
      const other = conflict
        ? { value: was.value, version: was.version, updatedAt: was.updatedAt }
        : dropOther
          ? null
          : (was?.other ?? null)
      server.draft = stored(value, Math.max(now, (was?.version ?? 0) + 1), { writer: 'w', other })
      return server.draft
    },
    drop: async () => {
      if (server.down) throw new Error('no answer')
      server.draft = null
    },
  }
  const keeper = keepDraft(
    '',
    { here: here.unsaved, there: start.there === undefined ? null : start.there },
    doors,
    () => undefined,
  )
  const pass = async (ms: number) => {
    const end = now + ms
    for (;;) {
      const next = timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      timers = timers.filter((t) => t !== next)
      now = next.at
      next.work()
      for (let i = 0; i < 10; i++) await Promise.resolve()
    }
    now = end
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }
  return { keeper, server, here, pass }
}

describe('a draft being written', () => {
  it('is on the server at most two seconds behind, though the typing never pauses', async () => {
    const { keeper, server, pass } = desk()
    for (let i = 1; i <= 100; i++) {
      keeper.set('x'.repeat(i))
      await pass(100)
      const behind = i - String(server.draft?.value ?? '').length
      expect(behind * 100, `after ${i} keys`).toBeLessThanOrEqual(2_000)
    }
    await pass(2_000)
    expect(String(server.draft?.value).length).toBe(100)
    expect(keeper.snapshot().state).toBe('saved')
  })

  it('is kept here until the server has it, and not after', async () => {
    const { keeper, here, pass } = desk()
    keeper.set('a')
    expect(here.unsaved?.value).toBe('a')
    await pass(1_000)
    expect(here.unsaved).toBeNull()
  })

  it('survives a lost connection: it says so, stays here, and is saved when it is back', async () => {
    const { keeper, server, here, pass } = desk()
    server.down = true
    keeper.set('written in the tunnel')
    await pass(5_000)
    expect(keeper.snapshot()).toMatchObject({ state: 'offline', value: 'written in the tunnel' })
    expect(here.unsaved?.value).toBe('written in the tunnel')
    server.down = false
    await pass(5_000)
    expect(keeper.snapshot().state).toBe('saved')
    expect(server.draft?.value).toBe('written in the tunnel')
  })

  it('says why where the server will not keep it', async () => {
    const { keeper, server, pass } = desk()
    server.refuse = 'drafts.too-many'
    keeper.set('x')
    await pass(1_000)
    expect(keeper.snapshot()).toMatchObject({ value: 'x', refused: 'drafts.too-many' })
  })

  it('made empty again is no draft', async () => {
    const { keeper, server, pass } = desk()
    keeper.set('x')
    await pass(1_000)
    keeper.set('')
    await pass(2_000)
    expect(server.draft).toBeNull()
  })

  it('does not come back after it was sent, though a save was on its way', async () => {
    const { keeper, server, here, pass } = desk()
    keeper.set('sent')
    keeper.flush()
    keeper.clear()
    await pass(10_000)
    expect([server.draft, here.unsaved, keeper.snapshot().value]).toEqual([null, null, ''])
  })
})

describe('a draft found again', () => {
  const cases: [string, Unsaved<string> | null, Draft | null, string, string | null][] = [
    ['on the server only', null, stored('there', 5), 'there', null],
    ['here only, after a crash while offline', { value: 'here', base: null, writer: 'w', at: 9 }, null, 'here', null],
    [
      'here, written on what the server has',
      { value: 'here', base: 5, writer: 'w', at: 9 },
      stored('there', 5),
      'here',
      null,
    ],
    [
      'here, where the window crashed before it heard that its save arrived',
      { value: 'here, on', base: 4, writer: 'w', at: 9 },
      stored('here', 5, { writer: 'w' }),
      'here, on',
      null,
    ],
    [
      'here, older than what another machine wrote',
      { value: 'here', base: 4, writer: 'w', at: 4 },
      stored('there', 5),
      'there',
      'here',
    ],
    [
      'here, newer than what another machine wrote',
      { value: 'here', base: 4, writer: 'w', at: 9 },
      stored('there', 5),
      'here',
      'there',
    ],
  ]
  it.each(cases)('%s', (_name, here, there, value, other) => {
    const { keeper } = desk({ here, there })
    expect([keeper.snapshot().value, keeper.snapshot().other?.value ?? null]).toEqual([value, other])
  })

  it('of two windows, one can be taken and the first is offered in its turn', async () => {
    const { keeper, server, pass } = desk({
      there: stored('mine', 5, { other: { value: 'theirs', version: 4, updatedAt: at(4) } }),
    })
    expect(keeper.snapshot()).toMatchObject({ value: 'mine', other: { value: 'theirs' } })
    keeper.takeOther()
    await pass(1_000)
    expect(server.draft).toMatchObject({ value: 'theirs' })
    expect(keeper.snapshot()).toMatchObject({ value: 'theirs', other: { value: 'mine' } })
    keeper.dropOther()
    await pass(2_000)
    expect(server.draft?.other).toBeNull()
    expect(keeper.snapshot().other).toBeNull()
  })
})
