import { Buffer } from 'node:buffer'

/** Bytes of mails that are in memory, and how many there may be. */
export type Held = { bytes: number; readonly most: number }

/** A mail that is coming in: its bytes count until it is let go of, so however slow its keeping is. */
export type Incoming = {
  /** All its bytes, or why not: then none of them is held any more. `most`: of one mail. */
  read(stream: AsyncIterable<Buffer>, most: number): Promise<Buffer | 'too-large' | 'busy'>
  letGo(): void
}

export function incoming(held: Held): Incoming {
  let pieces: Buffer[] = []
  let mine = 0
  const letGo = () => {
    held.bytes -= mine
    mine = 0
    pieces = []
  }
  return {
    letGo,
    async read(stream, most) {
      let length = 0
      let busy = false
      for await (const piece of stream) {
        length += piece.length
        busy ||= held.bytes + piece.length > held.most
        if (busy || length > most) letGo()
        else {
          held.bytes += piece.length
          mine += piece.length
          pieces.push(piece)
        }
      }
      if (length > most) return 'too-large'
      if (busy) return 'busy'
      const whole = Buffer.concat(pieces, length)
      pieces = []
      return whole
    },
  }
}
