import { uuidv7 } from '../src/kit/pure/uuid.ts'

/** Repeatable chance: the same seed makes the same world. Not for secrets. */
export type Chance = {
  /** 0 ≤ x < 1. */
  next(): number
  below(n: number): number
  pick<T>(all: readonly T[]): T
  /** Standard normal. */
  normal(): number
  bytes(n: number): Buffer
  /** A UUIDv7 placed in time. */
  id(at: number): string
}

/** mulberry32. */
export function chance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const bytes = (n: number) => {
    const out = Buffer.allocUnsafe(n)
    for (let i = 0; i < n; i += 1) out[i] = next() * 256
    return out
  }
  return {
    next,
    below: (n) => Math.floor(next() * n),
    pick: <T>(all: readonly T[]) => all[Math.floor(next() * all.length)] as T,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    bytes,
    id: (at) => uuidv7(at, bytes(10)),
  }
}
