import { openBrowser } from '../src/kit/testing/browser.ts'
import type { Bench } from './bench.ts'
import { print } from './report.ts'
import { blankScreen, type Screen, screenOf } from './ui-page.ts'

const rows = '.rows a.row'
const round = (n: number) => Math.round(n * 10) / 10
const at = (part: number, values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0

/**
 * The desk in a real Chromium on the laid world: what a person waits for. LCP, CLS and INP as defined by the Web Vitals;
 * nothing here is part of the tests, which must not depend on the machine's speed.
 */
export const ui: Bench = async ({ world, program }) => {
  const browser = await openBrowser()
  const say = (what: string, unit: string, value: number, goal: number | null, n: number, note = '') =>
    print({
      bench: 'ui',
      size: world.label,
      what,
      unit,
      value: round(value),
      n,
      goal: goal === null ? '' : `≤ ${goal}`,
      ok: goal === null ? null : value <= goal,
      note,
    })
  try {
    const screen = await screenOf(browser, program.base, world.handler)
    await firstLoad(screen, program.base, say)
    await warm(screen, program.base, say)
    await bare(browser, say)
    await keys(screen, say)
    await opening(screen, program.base, say)
    await screen.close()
    const lead = await screenOf(browser, program.base, world.lead)
    await longList(lead, program.base, say)
    await manyOpened(lead, program.base, say)
    await lead.close()
  } finally {
    await browser.close()
  }
}
type Say = (what: string, unit: string, value: number, goal: number | null, n: number, note?: string) => void

const inbox = '/desk/complaints?view=all'

/** Nothing kept from before: bytes of scripts on the wire, and requests. */
async function firstLoad({ page, cdp }: Screen, base: string, say: Say): Promise<void> {
  await cdp.send('Network.enable')
  const scripts = new Set<string>()
  let bytes = 0
  let requests = 0
  cdp.on('Network.requestWillBeSent', (e) => {
    requests += 1
    if (e.type === 'Script' || e.request.url.endsWith('.js')) scripts.add(e.requestId)
  })
  cdp.on('Network.loadingFinished', (e) => void (scripts.has(e.requestId) && (bytes += e.encodedDataLength)))
  await page.goto(base + inbox)
  await page.locator(rows).first().waitFor()
  // The first load, the words of a language and the route of the list, with their headers.
  say('inbox, nothing kept: scripts on the wire', 'KB', bytes / 1024, 300, scripts.size, `${requests} requests in all`)
  await cdp.send('Network.disable')
}

async function warm(screen: Screen, base: string, say: Say): Promise<void> {
  const lcp: number[] = []
  const cls: number[] = []
  for (let i = 0; i < 8; i += 1) {
    await screen.page.goto(base + inbox)
    await screen.page.locator(rows).first().waitFor()
    await screen.page.waitForTimeout(500)
    const seen = await screen.take()
    lcp.push(seen.lcp)
    cls.push(seen.cls)
  }
  say('inbox, warm: largest contentful paint, p75', 'ms', at(0.75, lcp), 1500, lcp.length)
  say('inbox, warm: layout shift, p75', '', at(0.75, cls), 0.02, cls.length)
}

/** Of so many interactions; what is quicker than 16 ms is not reported, and counts as 16. */
const told = (slow: readonly number[], all: number) => [...slow, ...Array(Math.max(0, all - slow.length)).fill(16)]

const words = 'We have read what you wrote, and will call you on Monday.'

/** What this browser on this machine needs for a character in a page that has nothing else: no page can be below it. */
async function bare(browser: Awaited<ReturnType<typeof openBrowser>>, say: Say): Promise<void> {
  const screen = await blankScreen(browser)
  await screen.page.setContent('<!doctype html><title>bare</title><textarea rows="5" autofocus></textarea>')
  await screen.page.locator('textarea').focus()
  await screen.slow(4)
  await screen.take()
  await screen.page.keyboard.type(words, { delay: 60 })
  await screen.page.waitForTimeout(500)
  const typing = told((await screen.take()).interactions, words.length)
  say('key to paint, an empty page, CPU 4 × slower, p50', 'ms', at(0.5, typing), null, typing.length)
  say('key to paint, an empty page, CPU 4 × slower, p95', 'ms', at(0.95, typing), null, typing.length)
  await screen.close()
}

/** Moving, opening and typing, four times slower than the machine. */
async function keys(screen: Screen, say: Say): Promise<void> {
  const { page } = screen
  // What a first look loads besides has come.
  await page.waitForTimeout(1500)
  await page.locator(rows).first().focus()
  await screen.slow(4)
  await screen.take()
  const press = async (key: string, times: number) => {
    for (let i = 0; i < times; i += 1) {
      await page.keyboard.press(key)
      await page.waitForTimeout(150)
    }
  }
  await press('j', 30)
  await press('k', 20)
  const moving = told((await screen.take()).interactions, 50)
  say('key to paint, moving in the list, CPU 4 × slower, p50', 'ms', at(0.5, moving), null, moving.length)
  say('key to paint, moving in the list, CPU 4 × slower, p95', 'ms', at(0.95, moving), 50, moving.length)
  await page.keyboard.press('Enter')
  await page.locator('.composer').waitFor()
  await page.waitForTimeout(1500)
  const open = told((await screen.take()).interactions, 1)
  await page.keyboard.press('r')
  await page.waitForTimeout(800)
  await page.keyboard.type(words, { delay: 60 })
  await page.waitForTimeout(500)
  const typing = told((await screen.take()).interactions, words.length + 1)
  say('key to paint, typing an answer, CPU 4 × slower, p50', 'ms', at(0.5, typing), null, typing.length)
  say('key to paint, typing an answer, CPU 4 × slower, p95', 'ms', at(0.95, typing), 50, typing.length)
  const all = [...moving, ...open, ...typing]
  say('interaction to next paint (p98), CPU 4 × slower', 'ms', at(0.98, all), 100, all.length)
  await screen.slow(1)
}

/** From the key to the composer being there; a complaint nobody looked at, then one that was fetched before. */
async function opening({ page }: Screen, base: string, say: Say): Promise<void> {
  const cold: number[] = []
  const requests: number[] = []
  await page.goto(base + inbox)
  await page.locator(rows).first().waitFor()
  for (const one of await namedOn(page, 25)) {
    let asked = 0
    const count = (r: { url(): string; method(): string }) =>
      void (r.method() === 'GET' && r.url().includes(one.id) && (asked += 1))
    page.on('request', count)
    cold.push(await openIn(page, one))
    await page.waitForTimeout(300)
    page.off('request', count)
    requests.push(asked)
  }
  say('a complaint opened, not fetched before, p95', 'ms', at(0.95, cold), 250, cold.length)
  say('requests to open one, most', '', Math.max(...requests), 2, requests.length)
}

type Reached = { readonly nodes: number; readonly rows: number; readonly frames: number }
const down = `(async () => {
  const box = document.querySelector('.rows')
  const height = box.querySelector('.row').getBoundingClientRect().height
  const until = performance.now() + 240_000
  let nodes = 0
  let frames = 0
  while (performance.now() < until && box.scrollHeight < 100_000 * height) {
    box.scrollTop = Math.min(box.scrollTop + 900, box.scrollHeight)
    await new Promise((next) => requestAnimationFrame(next))
    frames += 1
    if (frames % 50 === 0) nodes = Math.max(nodes, document.querySelectorAll('*').length)
  }
  return { nodes, frames, rows: Math.round(box.scrollHeight / height) }
})()`

/** Down through the list of everything, ended too, as fast as it comes, at the machine's own speed. */
async function longList(screen: Screen, base: string, say: Say): Promise<void> {
  const { page } = screen
  await page.goto(`${base}${inbox}&open=any`)
  await page.locator(rows).first().waitFor()
  await page.waitForTimeout(1000)
  await screen.take()
  const reached = await page.evaluate<Reached>(down)
  const { longFrames } = await screen.take()
  const note = `${reached.rows} rows reached in ${reached.frames} frames; longest ${round(Math.max(0, ...longFrames))} ms`
  say('scrolling the list of all: frames over 50 ms', '', longFrames.length, 0, reached.frames, note)
  say('scrolling the list of all: nodes in the page, most', '', reached.nodes, 1500, reached.rows)
}

async function manyOpened({ page, cdp }: Screen, base: string, say: Say): Promise<void> {
  await page.goto(base + inbox)
  await page.locator(rows).first().waitFor()
  const took: number[] = []
  for (const one of await namedOn(page, 1000)) took.push(await openIn(page, one))
  await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  say('heap after complaints opened', 'MB', usedSize / 1024 / 1024, 150, took.length)
  say('the last hundred of them, p95', 'ms', at(0.95, took.slice(-100)), 250, took.slice(-100).length)
}

type Named = { readonly id: string; readonly number: string }

/** As a link of the desk goes; milliseconds until it is shown. */
function openIn(page: Screen['page'], { id, number }: Named): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const started = performance.now()
    history.pushState(null, '', '/desk/complaints/${id}?view=all')
    dispatchEvent(new PopStateEvent('popstate'))
    const shown = () => document.querySelector('main.complaint')?.getAttribute('aria-label')?.includes('${number}')
    while (!shown() && performance.now() - started < 30_000) await new Promise((next) => requestAnimationFrame(next))
    if (!shown()) throw new Error('${number} was not shown within 30 s')
    return performance.now() - started
  })()`)
}

async function namedOn(page: Screen['page'], wanted: number): Promise<Named[]> {
  return page.evaluate<Named[]>(`(async () => {
    const found = []
    let cursor = ''
    while (found.length < ${wanted}) {
      const reply = await fetch('/api/v1/complaints?sort=received&limit=100' + cursor)
      const { items, next } = await reply.json()
      found.push(...items.map(({ id, number }) => ({ id, number })))
      if (!next || items.length === 0) break
      cursor = '&cursor=' + encodeURIComponent(next)
    }
    return found.slice(0, ${wanted})
  })()`)
}
