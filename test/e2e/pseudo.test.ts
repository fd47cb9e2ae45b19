import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { type Desk, gone, recorded, seen, signedIn } from './desk.ts'
import { startDemo } from './demo.ts'
import { close, open, speakPseudo, wordsHeard, wrongWords } from './pseudo.ts'
import type { Program } from './program.ts'

// Every screen in a language that is 40 % longer than English, wide and on a phone: all of it said by the words, all of it fits.

vi.setConfig({ testTimeout: 120_000 })

let program: Program
let browser: Browser

beforeAll(async () => {
  const opened = openBrowser()
  program = await startDemo()
  browser = await opened
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
}, 60_000)

/** Every address of the desk, read off its router, so that a new screen is looked at too. */
const router = readFileSync(new URL('../../src/web/desk/router.tsx', import.meta.url), 'utf8')
const paths = [...router.matchAll(/^ {2}path: '([\w/-]+)'/gm)].map((m) => `/${m[1]}`)
const outside = new Set(['/sign-in', '/setup'])
const withWords: Record<string, string> = { '/complaints': '/complaints?view=all', '/search': '/search?q=水壺' }
const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
] as const
const loading = (page: Page) => page.getByText(`${open}Loading…`)

async function speaks(desk: Desk): Promise<Set<string>> {
  await speakPseudo(desk.page)
  return wordsHeard(desk.page)
}

/** As a link of the desk goes, without loading everything again. */
async function go({ page }: Desk, path: string): Promise<void> {
  await page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(`/desk${path}`)}); dispatchEvent(new PopStateEvent('popstate'))`,
  )
  await expect
    .poll(() => page.evaluate<string>('location.pathname + location.search'), { timeout: 12_000 })
    .toContain(path.split('?')[0])
  await seen(page.locator('h1, .state'))
  await page.waitForLoadState('networkidle').catch(() => undefined)
  await gone(loading(page))
}

async function look(desk: Desk, heard: ReadonlySet<string>, where: string): Promise<string[]> {
  const found: string[] = []
  for (const size of sizes) {
    await desk.page.setViewportSize(size)
    found.push(...(await wrongWords(desk.page, `${where} ${size.width}`, heard)))
    if (process.env.REDRESS_LOOK)
      await desk.page.screenshot({
        path: `${process.env.REDRESS_LOOK}/pseudo${where.replaceAll(/[^\w]/g, '-')}-${size.width}.png`,
      })
  }
  await desk.page.setViewportSize(sizes[0])
  return found
}

async function screensOf(mail: string, wanted: (path: string) => boolean): Promise<string[]> {
  const desk = await signedIn(browser, program, mail, { viewport: sizes[0] })
  const heard = await speaks(desk)
  await desk.open('/account')
  await seen(desk.page.locator('h1'))
  expect(await desk.page.locator('nav').innerText(), 'the pseudo-language is spoken').toContain(close)
  const found: string[] = []
  for (const path of paths.filter((p) => !outside.has(p) && wanted(p))) {
    await go(desk, withWords[path] ?? path)
    found.push(...(await look(desk, heard, path)))
  }
  if (wanted('/complaints')) found.push(...(await complaintOf(desk, heard)))
  await desk.context.close()
  return found
}

async function complaintOf(desk: Desk, heard: ReadonlySet<string>): Promise<string[]> {
  const { page } = desk
  const { id } = await recorded(desk, program, {
    text: 'The kettle trips the fuse.',
    complainant: { name: 'Ada Byron' },
  })
  await go(desk, `/complaints/${id}?view=all`)
  await seen(page.locator('.composer'))
  const found = await look(desk, heard, '/complaint')
  for (const [name, key] of [
    ['palette', 'Control+k'],
    ['news', 'i'],
    ['help', '?'],
  ] as const) {
    await page.keyboard.press(key)
    await seen(page.locator('.dialog[open] :is([role=option], li, .state, dt)'))
    found.push(...(await look(desk, heard, `/${name}`)))
    await page.keyboard.press('Escape')
    await gone(page.locator('.dialog[open]'))
  }
  return found
}

it('the desk of a lead', async () => {
  expect(paths.length).toBeGreaterThan(12)
  expect(await screensOf('yating@harbour.example', (p) => !p.startsWith('/settings'))).toEqual([])
})

it('the settings of an administrator', async () => {
  expect(await screensOf('zhiming@harbour.example', (p) => p.startsWith('/settings'))).toEqual([])
})

it('the door', async () => {
  const context = await browser.newContext({ viewport: sizes[0], locale: 'en-GB', serviceWorkers: 'block' })
  const page = await context.newPage()
  const desk: Desk = { context, page, open: async (path) => void (await page.goto(`${program.base}/desk${path}`)) }
  const heard = await speaks(desk)
  await desk.open('/sign-in')
  await seen(page.getByRole('textbox'))
  expect(await look(desk, heard, '/sign-in')).toEqual([])
  await context.close()
})
