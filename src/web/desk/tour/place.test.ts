import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beside } from './place.ts'

const screens = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

test.each(screens)('a card never covers what it points at, nor leaves the screen of %o', (screen) => {
  const card = { width: 340, height: 220 }
  const targets = fc.record({
    left: fc.integer({ min: 0, max: screen.width - 40 }),
    top: fc.integer({ min: 0, max: screen.height - 40 }),
    width: fc.integer({ min: 10, max: screen.width }),
    height: fc.integer({ min: 10, max: 300 }),
  })
  fc.assert(
    fc.property(targets, (t) => {
      const target = {
        ...t,
        width: Math.min(t.width, screen.width - t.left),
        height: Math.min(t.height, screen.height - t.top),
      }
      const { left, top } = beside(target, card, screen)
      expect(left).toBeGreaterThanOrEqual(0)
      expect(top).toBeGreaterThanOrEqual(0)
      expect(left + card.width).toBeLessThanOrEqual(screen.width)
      expect(top + card.height).toBeLessThanOrEqual(screen.height)
      const apart =
        left >= target.left + target.width ||
        left + card.width <= target.left ||
        top >= target.top + target.height ||
        top + card.height <= target.top
      expect(apart).toBe(true)
    }),
  )
})
