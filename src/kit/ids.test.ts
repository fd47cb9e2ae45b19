import { expect, it } from 'vitest'
import { newId, newIds } from './ids.ts'
import { isUuid, uuidTime } from './pure/uuid.ts'

const NOW = 1_800_000_000_000

it('gives ids that only rise within one millisecond and when the clock steps back', () => {
  const id = newIds(NOW)
  const ids = [...Array.from({ length: 20_000 }, id), newId(NOW - 60_000), newId(NOW + 60_000)]
  expect(ids.every(isUuid)).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  expect([...ids].sort()).toEqual(ids)
})

it('carries the time it was made at', () => {
  expect(uuidTime(newId(NOW + 120_000))).toBe(NOW + 120_000)
})
