export type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
type Size = { readonly width: number; readonly height: number }

const gap = 12

/**
 * Where a card of this size stands beside what it points at, without covering it: below, above, right or left, whichever first
 * has the room; else at the edge of the screen farther from it. Pixels of the viewport.
 */
export function beside(target: Box, card: Size, screen: Size): { left: number; top: number } {
  const right = target.left + target.width
  const bottom = target.top + target.height
  const left = within(target.left, card.width, screen.width)
  const top = within(target.top, card.height, screen.height)
  if (bottom + gap + card.height <= screen.height - gap) return { left, top: bottom + gap }
  if (target.top - gap - card.height >= gap) return { left, top: target.top - gap - card.height }
  if (right + gap + card.width <= screen.width - gap) return { left: right + gap, top }
  if (target.left - gap - card.width >= gap) return { left: target.left - gap - card.width, top }
  const low = target.top < screen.height - bottom
  return { left, top: low ? screen.height - card.height - gap : gap }
}

const within = (at: number, size: number, room: number) => Math.max(gap, Math.min(at, room - size - gap))
