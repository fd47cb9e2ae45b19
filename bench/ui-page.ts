import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { openBrowser } from '../src/kit/testing/browser.ts'
import { password } from './house.ts'

type Browser = Awaited<ReturnType<typeof openBrowser>>

/** What a page saw of itself since `watch`: milliseconds, except `cls`. */
export type Watched = {
  readonly lcp: number
  readonly cls: number
  /** Of each interaction that took 16 ms or more, from the event to the paint after it (Event Timing, steps of 8 ms). */
  readonly interactions: readonly number[]
  /** Frames that took longer than 50 ms (Long Animation Frames). */
  readonly longFrames: readonly number[]
}

export type Screen = {
  readonly page: Page
  readonly cdp: CDPSession
  /** Forgets what was seen, watches on; gives what was seen until now. */
  take(): Promise<Watched>
  /** So many times slower than the machine is. */
  slow(times: number): Promise<void>
  close(): Promise<void>
}

/** The desk as one person has it on a screen of 1440 × 900. */
export async function screenOf(browser: Browser, base: string, mail: string): Promise<Screen> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-TW' })
  context.setDefaultTimeout(60_000)
  const reply = await context.request.post(`${base}/api/v1/session`, {
    data: { mail, password },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  if (!reply.ok()) throw new Error(`sign-in of ${mail}: ${reply.status()} ${await reply.text()}`)
  return watching(context)
}

/** A page of nothing, watched as the desk is. */
export async function blankScreen(browser: Browser): Promise<Screen> {
  return watching(await browser.newContext({ viewport: { width: 1440, height: 900 } }))
}

async function watching(context: BrowserContext): Promise<Screen> {
  await context.addInitScript({ content: watch })
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  return {
    page,
    cdp,
    take: () => page.evaluate<Watched>('globalThis.redressSeen()'),
    slow: async (rate) => void (await cdp.send('Emulation.setCPUThrottlingRate', { rate })),
    close: () => context.close(),
  }
}

/** Runs in the page, before anything of it. */
const watch = `(() => {
  const fresh = () => ({ lcp: 0, cls: 0, interactions: new Map(), longFrames: [] })
  let seen = fresh()
  const listen = (type, hear, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(hear)).observe({ type, buffered: true, ...more })
  listen('largest-contentful-paint', (e) => { seen.lcp = e.startTime })
  listen('layout-shift', (e) => { seen.cls += e.hadRecentInput ? 0 : e.value })
  listen('event', (e) => {
    const { interactionId: id, duration } = e
    if (id) seen.interactions.set(id, Math.max(duration, seen.interactions.get(id) ?? 0))
  }, { durationThreshold: 16 })
  listen('long-animation-frame', (e) => { seen.longFrames.push(e.duration) })
  globalThis.redressSeen = () => {
    const told = seen
    seen = fresh()
    return { ...told, interactions: [...told.interactions.values()] }
  }
})()`
