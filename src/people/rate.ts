import { RefusalError } from '../kit/pure/result.ts'

export type RateLimit = { readonly perSecond: number; readonly burst: number }

const mostKept = 10_000

/** Token buckets by caller, in this process: `spend(caller)` refuses with request.too-many when the bucket is empty. */
export function tokenBuckets(
  limit: RateLimit,
  clock: () => number = () => performance.now(),
): (caller: string) => void {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return (caller) => {
    const now = clock()
    const bucket = buckets.get(caller) ?? { tokens: limit.burst, at: now }
    const tokens = Math.min(limit.burst, bucket.tokens + ((now - bucket.at) / 1000) * limit.perSecond)
    if (buckets.size >= mostKept) buckets.clear()
    buckets.set(caller, { tokens: Math.max(0, tokens - 1), at: now })
    if (tokens < 1)
      throw new RefusalError({
        code: 'request.too-many',
        status: 429,
        facts: { retryAfter: Math.ceil((1 - tokens) / limit.perSecond) },
      })
  }
}
