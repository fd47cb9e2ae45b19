import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { inTurn, spooled } from './spool.ts'

const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('redress-upload-'))
async function* bytes(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part)
}
async function* broken() {
  yield Buffer.from('half')
  throw new Error('hung up')
}

describe('a file taken aside', () => {
  it('is there whole for the work, and gone afterwards', async () => {
    const before = left()
    expect(await spooled(bytes('ab', 'c'), async (all) => all.toString())).toBe('abc')
    await expect(spooled(bytes('x'), () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await expect(spooled(broken(), async () => 'never')).rejects.toThrow('hung up')
    expect(left().filter((name) => !before.includes(name))).toEqual([])
  })

  it('waits its turn: two are in memory, whatever comes', async () => {
    let now = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        inTurn(async () => {
          most = Math.max(most, ++now)
          await new Promise((go) => setImmediate(go))
          now -= 1
          if (i % 3 === 0) throw new Error('fails')
        }).catch(() => undefined),
      ),
    )
    expect({ most, now }).toEqual({ most: 2, now: 0 })
  })
})
