import { createReadStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { isUuid } from '../kit/pure/uuid.ts'

/** A complaint's last event when the checkpoint was taken: its seq and the hash in hex. */
export type Heads = Readonly<Record<string, readonly [seq: number, hash: string]>>

/** One line of `<dataDir>/checkpoints/<org>.jsonl`; hashes in hex, the signature in base64. */
export type CheckpointLine = {
  readonly org: string
  readonly no: number
  readonly at: string
  readonly heads: Heads
  readonly prev: string
  readonly hash: string
  readonly signature: string
}

/** A line holds at most 10,000 heads, about 1.1 MB. */
const longestLine = 4 * 2 ** 20

export function checkpointPath(dataDir: string, org: string): string {
  if (!isUuid(org)) throw new TypeError('an organisation id is a UUID')
  return join(dataDir, 'checkpoints', `${org}.jsonl`)
}

/** The number of the last whole line; 0 for none. A half-written line (a crash while appending) is cut off. */
export async function lastInFile(path: string): Promise<number> {
  const file = await open(path, 'r+').catch(undefinedWhenMissing)
  if (!file) return 0
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - longestLine)
    const tail = Buffer.alloc(size - from)
    await file.read(tail, 0, tail.length, from)
    const end = tail.lastIndexOf(0x0a)
    if (end + 1 < tail.length) await file.truncate(from + end + 1)
    if (end < 0) return 0
    const line = tail.toString('utf8', tail.lastIndexOf(0x0a, end - 1) + 1, end)
    return (JSON.parse(line) as CheckpointLine).no
  } finally {
    await file.close()
  }
}

/** Appends lines and waits until they are on the disk. */
export async function appendLines(path: string, lines: readonly CheckpointLine[]): Promise<void> {
  if (lines.length === 0) return
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'a', 0o600)
  try {
    await file.writeFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
  const directory = await open(dirname(path), 'r')
  await directory.sync().finally(() => directory.close())
}

/** The lines in order; `null` stands for one that cannot be read. No file: no lines. */
export async function* readLines(path: string): AsyncGenerator<CheckpointLine | null> {
  const file = await open(path).catch(undefinedWhenMissing)
  if (!file) return
  await file.close()
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line === '') continue
    yield lineFrom(line)
  }
}

function lineFrom(text: string): CheckpointLine | null {
  try {
    const line = JSON.parse(text) as CheckpointLine | null
    return line && isLine(line) ? line : null
  } catch {
    return null
  }
}

function isLine({ org, no, at, heads, prev, hash, signature }: CheckpointLine): boolean {
  const texts: unknown[] = [org, at, prev, hash, signature]
  return texts.every((text) => typeof text === 'string') && Number.isSafeInteger(no) && areHeads(heads)
}

/** Whether these are heads as we write them: whoever forged them may have written anything. */
export function areHeads(heads: unknown): heads is Heads {
  if (typeof heads !== 'object' || heads === null || Array.isArray(heads)) return false
  return Object.entries(heads).every(([id, head]: [string, unknown]) => isUuid(id) && isHead(head))
}

function isHead(head: unknown): boolean {
  if (!Array.isArray(head) || head.length !== 2) return false
  const [seq, hash]: unknown[] = head
  const counts = typeof seq === 'number' && Number.isInteger(seq) && seq > 0 && seq < 2 ** 31
  return counts && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)
}

/** Walks lines beside rows: `next(no)` gives what stands before checkpoint `no` (all, without), `at(no)` its own line. */
export function lookAhead(lines: AsyncGenerator<CheckpointLine | null>) {
  let read: Promise<IteratorResult<CheckpointLine | null>> | undefined
  const peek = async () => {
    read ??= lines.next()
    const { value, done } = await read
    return done ? undefined : value
  }
  return {
    async next(before = Infinity): Promise<CheckpointLine | null | undefined> {
      const line = await peek()
      if (line === undefined || (line && line.no >= before)) return undefined
      read = undefined
      return line
    },
    async at(no: number): Promise<CheckpointLine | undefined> {
      const line = await peek()
      if (line?.no !== no) return undefined
      read = undefined
      return line
    },
  }
}

function undefinedWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
