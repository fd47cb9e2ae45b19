import { type FileHandle, open } from 'node:fs/promises'

// The tape archive as POSIX wrote it down, as far as we need it: plain files with short names. `tar -xf` reads what is
// written here; what is read here is only what is written here.

const block = 512

/** What is wrong with an archive, in one line. */
export class TarProblem extends Error {
  override name = 'TarProblem'
}

export type TarWriter = {
  /** Appends a file as its bytes come; gives how many. */
  add(name: string, bytes: AsyncIterable<Uint8Array | string>): Promise<number>
  /** Writes the end and makes it durable. */
  finish(): Promise<void>
}

/** Writes into an open, empty file. Sizes are put in when they are known, so that nothing is kept beside. */
export function tarWriter(file: FileHandle): TarWriter {
  let at = 0
  const write = async (bytes: Uint8Array) => {
    await file.write(bytes, 0, bytes.length, at)
    at += bytes.length
  }
  return {
    async add(name, bytes) {
      const begin = at
      await write(Buffer.alloc(block))
      for await (const piece of bytes) await write(Buffer.from(piece))
      const size = at - begin - block
      await write(Buffer.alloc((block - (size % block)) % block))
      const head = header(name, size)
      await file.write(head, 0, block, begin)
      return size
    },
    async finish() {
      await write(Buffer.alloc(2 * block))
      await file.sync()
    },
  }
}

function header(name: string, size: number): Buffer {
  const path = Buffer.from(name)
  if (path.length > 99) throw new TarProblem(`${name} is too long a name`)
  const head = Buffer.alloc(block)
  path.copy(head)
  head.write('0000600\0', 100)
  head.write('0000000\0', 108)
  head.write('0000000\0', 116)
  writeSize(head, size)
  head.write('00000000000\0', 136)
  head.write('        ', 148)
  head.write('0', 156)
  head.write('ustar\x0000', 257)
  head.write(`${sumOf(head).toString(8).padStart(6, '0')}\0 `, 148)
  return head
}

/** In octal, or beyond 8 GiB as GNU tar does: the first bit set, then the number itself. */
function writeSize(head: Buffer, size: number): void {
  if (size < 8 ** 11) head.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  else {
    head[124] = 0x80
    head.writeUIntBE(size, 130, 6)
  }
}

function readSize(head: Buffer): number {
  if (head[124] === 0x80) return head.readUIntBE(130, 6)
  const text = head.toString('latin1', 124, 135)
  return /^[0-7]{11}$/.test(text) ? Number.parseInt(text, 8) : Number.NaN
}

/** Of all bytes, those of the sum itself taken as blanks. */
function sumOf(head: Buffer): number {
  return head.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0)
}

export type TarEntry = { readonly name: string; readonly size: number; readonly at: number }

/** The entries of an archive, in order. Throws TarProblem for what is no archive, ends too early or holds more than plain files. */
export async function tarEntries(path: string): Promise<TarEntry[]> {
  const file = await open(path, 'r')
  try {
    const { size: length } = await file.stat()
    const entries: TarEntry[] = []
    for (let at = 0; ; ) {
      const head = Buffer.alloc(block)
      const { bytesRead } = await file.read(head, 0, block, at)
      if (bytesRead < block) throw new TarProblem('the file ends too early')
      if (head.every((byte) => byte === 0)) {
        if (length < at + 2 * block) throw new TarProblem('the file ends too early')
        return entries
      }
      const entry = { ...entryOf(head), at: at + block }
      at = entry.at + Math.ceil(entry.size / block) * block
      if (at > length) throw new TarProblem(`the file ends too early, in ${entry.name}`)
      entries.push(entry)
    }
  } finally {
    await file.close()
  }
}

function entryOf(head: Buffer): { name: string; size: number } {
  const size = readSize(head)
  const wrong =
    head.toString('latin1', 257, 262) !== 'ustar' ||
    Number.parseInt(head.toString('latin1', 148, 154), 8) !== sumOf(head) ||
    !Number.isSafeInteger(size)
  if (wrong) throw new TarProblem('this is no package, or a damaged one')
  const name = head.toString('utf8', 0, 100).replace(/\0.*$/s, '')
  // Links, devices, folders, long names, names in two parts: none of them is ours.
  if (head.toString('latin1', 156, 157) !== '0' || head[345] !== 0)
    throw new TarProblem(`${JSON.stringify(name)} is not a plain file`)
  return { name, size }
}
