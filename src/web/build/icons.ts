import { crc32, deflateSync } from 'node:zlib'

// The mark of public/icon.svg, drawn again as pixels for those who install the desk: same numbers, in a square of 32.

type Point = readonly [number, number]
const tick: readonly Point[] = [
  [9, 17.5],
  [13.5, 22],
  [23, 11],
]
const halfStroke = 1.7
const ground = [15, 107, 92] as const

/** A PNG of so many pixels a side. `whole`: the ground fills the square and the mark is smaller, for systems that cut their own shape. */
export function iconPng(size: number, whole = false): Buffer {
  const scale = 32 / size
  const shrink = whole ? 1.35 : 1
  const rows: number[] = []
  for (let y = 0; y < size; y++) {
    rows.push(0)
    for (let x = 0; x < size; x++) {
      const at: Point = [(x + 0.5) * scale, (y + 0.5) * scale]
      const inner: Point = [16 + (at[0] - 16) * shrink, 16 + (at[1] - 16) * shrink]
      const cover = whole ? 1 : edge(-roundedSquare(at), scale)
      const mark = edge(halfStroke - toTick(inner), scale * shrink)
      rows.push(...ground.map((c) => Math.round(c + (255 - c) * mark)), Math.round(255 * cover))
    }
  }
  return png(size, Buffer.from(rows))
}

/** How much of a pixel lies inside, from the distance to the edge. */
const edge = (inside: number, pixel: number) => Math.max(0, Math.min(1, inside / pixel + 0.5))

/** Distance to a square of 32 with corners of radius 8; negative inside. */
function roundedSquare([x, y]: Point): number {
  const [dx, dy] = [Math.abs(x - 16) - 8, Math.abs(y - 16) - 8]
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - 8
}

function toTick(p: Point): number {
  const parts = tick.slice(1).map((b, i) => toLine(p, tick[i] ?? b, b))
  return Math.min(...parts)
}

function toLine([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay]
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}

function png(size: number, rows: Buffer): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size, 0)
  head.writeUInt32BE(size, 4)
  head.set([8, 6, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  out.set(body, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}
