import type { Told } from './news.ts'

export { Bell, useReadByLooking } from './bell.tsx'
export { clockIn } from './clock.ts'

/** What the stream says is new for me. Loaded with the first news: most screens open without any. */
export async function applyNotice(told: Told, data: unknown): Promise<void> {
  const news = await import('./news.ts')
  await news.applyNotice(told, data)
}
