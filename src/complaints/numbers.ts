import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'

type Block = { next: number; end: number; size: number; at: number }

/**
 * Complaint numbers `R-2026-000123`: unique and rising, not gapless. Each process reserves blocks, because one counter row
 * an intake would make intakes wait for each other. Blocks start small, so that a quiet desk loses few numbers at a
 * restart, and grow while they are used up within a second.
 */
export function numberBlocks(db: Database, now: () => number): { next(org: string, year: number): Promise<string> } {
  const blocks = new Map<string, Block>()
  const pending = new Map<string, Promise<void>>()

  async function reserve(key: string, org: string, year: number): Promise<void> {
    const before = blocks.get(key)
    const size = before && now() - before.at < 1_000 ? Math.min(before.size * 4, 500) : 10
    const row = await db.withScope({ org }, (tx) =>
      tx.first<{ next: number }>(sql`insert into number_block (org_id, year, next) values (${org}, ${year}, ${1 + size})
        on conflict (org_id, year) do update set next = number_block.next + ${size} returning next`),
    )
    const end = Number(row?.next)
    blocks.set(key, { next: end - size, end, size, at: now() })
  }

  return {
    async next(org, year) {
      const key = `${org}/${year}`
      for (;;) {
        const block = blocks.get(key)
        if (block && block.next < block.end) return `R-${year}-${String(block.next++).padStart(6, '0')}`
        const running = pending.get(key) ?? reserve(key, org, year).finally(() => pending.delete(key))
        pending.set(key, running)
        await running
      }
    },
  }
}
