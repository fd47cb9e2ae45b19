import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { findings } from './axe.ts'
import { startDemo } from './demo.ts'
import { commanded, type Desk, gone, recorded, requestsOf, seen, signedIn } from './desk.ts'
import type { Program } from './program.ts'

// What is around every screen: the palette, the keys of one's own, news and quiet, colours.

vi.setConfig({ testTimeout: 60_000 })

let program: Program
let browser: Browser
let lead: Desk
let agent: Desk
let page: Page

beforeAll(async () => {
  const opened = openBrowser()
  program = await startDemo()
  browser = await opened
  lead = await signedIn(browser, program, 'yating@harbour.example')
  agent = await signedIn(browser, program, 'callum@harbour.example')
  page = agent.page
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
}, 60_000)

const wait = { timeout: 12_000 }
const palette = (on = page) => on.getByRole('dialog').getByRole('combobox')
const options = (on = page) => on.getByRole('dialog').getByRole('option')
const bell = () => page.getByRole('button', { name: /^Notifications/ })
const toast = () => page.locator('.toasts p')
const rows = () => page.locator('.row')
const at = (path: string) => expect.poll(() => new URL(page.url()).pathname, wait).toBe(`/desk${path}`)
const same = { 'sec-fetch-site': 'same-origin' }
const myId = async (): Promise<string> =>
  (await (await agent.context.request.get(`${program.base}/api/v1/me`)).json()).id
const prefer = (change: object) =>
  agent.context.request.patch(`${program.base}/api/v1/me/preferences`, { data: change, headers: same })

/** A complaint of mine, given to me by the lead. */
async function given(text: string): Promise<{ id: string; number: string }> {
  const made = await recorded(lead, program, { text })
  await commanded(lead, program, made.id, 'assignment', { ownerId: await myId() })
  return made
}
const look = async (name: string, on = page) => {
  if (process.env.REDRESS_LOOK) await on.screenshot({ path: `${process.env.REDRESS_LOOK}/${name}.png` })
}

describe('the palette', () => {
  it('goes anywhere and opens a complaint by its number, by keys alone, and is not loaded before', async () => {
    const loaded = requestsOf(page, '/assets/palette')
    await agent.open('/complaints?view=all')
    await seen(rows())
    expect(loaded).toEqual([])
    await page.keyboard.press('Control+k')
    await seen(palette())
    await seen(options())
    await look('palette')
    expect(await findings(page, 'palette')).toEqual([])
    await page.keyboard.type('outb')
    await page.keyboard.press('Enter')
    await at('/outbox')
    await gone(page.getByRole('dialog'))
    await page.keyboard.press('p')
    await seen(palette())
    await page.keyboard.type('12')
    await seen(page.getByRole('option', { name: /^R-\d{4}-000012/ }))
    await look('palette-number')
    await page.getByRole('option', { name: /^R-\d{4}-000012/ }).click()
    await expect.poll(() => page.locator('main.pane').getAttribute('aria-label'), wait).toMatch(/000012$/)
  })

  it('does what the server allows on the open complaint, with its key beside it, and nothing else', async () => {
    const { id } = await given('The handle comes off.')
    await agent.open(`/complaints/${id}?view=all`)
    await seen(page.locator('.composer'))
    await page.keyboard.press('Control+k')
    const { actions } = await (await agent.context.request.get(`${program.base}/api/v1/complaints/${id}`)).json()
    const note = page.getByRole('option', { name: /Internal note/ })
    await page.keyboard.type('note')
    await seen(note)
    expect(await note.locator('kbd').textContent()).toBe('N')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('take the merge')
    const allowed = actions.find((a: { name: string }) => a.name === 'unmerge').allowed
    expect([allowed, await page.getByRole('option', { name: /^Take the merge back/ }).count()]).toEqual([false, 0])
    await page.keyboard.press('Control+a')
    await page.keyboard.type('internal n')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => page.locator('.composer.note textarea, .composer.note [contenteditable]').count(), wait)
      .toBe(1)
  })

  it('finds Chinese names by 拼音 and 注音, and stays silent while an input method composes', async () => {
    const mei = await signedIn(browser, program, 'yating@harbour.example', { language: 'zh-Hant' })
    const { page: p } = mei
    await mei.open('/account')
    const ime = await p.context().newCDPSession(p)
    const compose = (text: string) =>
      ime.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
    await p.getByRole('button', { name: /快速前往/ }).click()
    await seen(palette(p))
    await p.keyboard.type('jjx')
    await seen(p.getByRole('option', { name: '寄件匣' }))
    await look('palette-zh', p)
    await p.keyboard.press('Control+a')
    await compose('ㄐㄧˋ')
    await p.keyboard.press('Enter')
    await p.keyboard.press('ArrowDown')
    await p.waitForTimeout(200)
    expect(await p.getByRole('dialog').count(), 'nothing is chosen while composing').toBe(1)
    await ime.send('Input.insertText', { text: 'ㄐㄐㄒ' })
    await seen(p.getByRole('option', { name: '寄件匣' }))
    await p.keyboard.press('Enter')
    await expect.poll(() => new URL(p.url()).pathname, wait).toBe('/desk/outbox')
    await mei.context.close()
  })
})

describe("one's own keys", () => {
  it('another key works at once, a taken one is said, and help shows them as they are', async () => {
    await agent.open('/account/keys')
    await seen(page.locator('.my-keys'))
    await look('keys')
    expect(await findings(page, 'keys')).toEqual([])
    await page.getByRole('button', { name: /^Key for Search/ }).click()
    await page.keyboard.press('m')
    await seen(page.getByRole('button', { name: 'Key for Search: M' }))
    await page.getByRole('button', { name: /^Key for New complaint/ }).click()
    await page.keyboard.press('m')
    await seen(page.getByRole('alert').getByText('M is the key of “Search” already.'))
    await look('keys-taken')
    await page.locator('h1').click()
    await page.keyboard.press('?')
    await seen(page.getByRole('dialog').getByText('Internal note'))
    await expect.poll(() => page.locator('.key-list div', { hasText: 'Search' }).locator('kbd').textContent()).toBe('M')
    await look('help')
    expect(await findings(page, 'help')).toEqual([])
    await page.keyboard.press('Escape')
    await gone(page.getByRole('dialog'))
    await page.keyboard.press('/')
    await at('/account/keys')
    await page.keyboard.press('m')
    await at('/search')
  })

  it('come along to another machine, can all be switched off, and be as they were', async () => {
    const elsewhere = await signedIn(browser, program, 'callum@harbour.example')
    const { page: p } = elsewhere
    await elsewhere.open('/account/keys')
    await seen(p.getByRole('button', { name: 'Key for Search: M' }))
    await p.getByRole('button', { name: 'All as they were' }).click()
    await seen(p.getByRole('button', { name: 'Key for Search: /' }))
    // Drawn when the preference is: not within the click.
    const single = p.getByLabel('Single keys do something')
    await single.click()
    await expect.poll(() => single.isChecked(), wait).toBe(false)
    await p.locator('h1').click()
    await p.keyboard.press('/')
    await p.keyboard.press('c')
    await p.keyboard.press('?')
    expect([new URL(p.url()).pathname, await p.getByRole('dialog').count()]).toEqual(['/desk/account/keys', 0])
    await p.keyboard.press('Control+k')
    await seen(palette(p))
    await p.keyboard.press('Escape')
    await gone(palette(p))
    await single.click()
    await expect.poll(() => single.isChecked(), wait).toBe(true)
    await elsewhere.context.close()
  })
})

describe('news', () => {
  it('is told where one is, within a moment, and is read by opening it', async () => {
    await agent.open('/search')
    await seen(bell())
    const asked = requestsOf(page, '/api/v1/notices')
    const { number } = await given('The lid is cracked.')
    await seen(toast().getByText(number))
    await expect.poll(() => bell().getAttribute('aria-label'), wait).toMatch(/unread/)
    await look('news-toast')
    await bell().click()
    const first = page.getByRole('dialog').locator('.notice').first()
    await seen(first.getByText(/gave it to you/))
    await look('news')
    expect(await findings(page, 'news')).toEqual([])
    await page.setViewportSize({ width: 390, height: 844 })
    await seen(first)
    await look('news-phone')
    await page.setViewportSize({ width: 1440, height: 900 })
    await first.getByRole('link').click()
    await expect.poll(() => page.locator('main.pane').getAttribute('aria-label'), wait).toContain(number)
    await page.keyboard.press('i')
    await expect
      .poll(() => page.locator('.notice', { hasText: number }).getByRole('button').getAttribute('aria-label'), wait)
      .toContain('Mark as unread')
    await page.keyboard.press('Escape')
    expect(asked.length, 'asked when told, not again and again').toBeLessThan(8)
  })

  it('only lists in quiet hours', async () => {
    await prefer({ quiet: { until: new Date(Date.now() + 600_000).toISOString(), daily: null } })
    await agent.open('/search')
    await seen(bell())
    const before = (await bell().getAttribute('aria-label')) ?? ''
    await given('The cord is too short.')
    await expect.poll(() => bell().getAttribute('aria-label'), wait).not.toBe(before)
    expect(await toast().count()).toBe(0)
    await prefer({ quiet: { until: null, daily: null } })
  })
})

describe('colours', () => {
  it('high contrast and dark come with the person, and read well', async () => {
    await agent.open('/complaints?view=all')
    await seen(rows())
    await page.getByRole('button', { name: 'Appearance and quiet' }).click()
    await seen(page.getByRole('dialog').getByRole('radio'))
    await look('my-desk')
    expect(await findings(page, 'my desk')).toEqual([])
    await page.getByRole('radio', { name: 'high contrast' }).click()
    await seen(page.locator('html[data-contrast=more]'))
    await page.keyboard.press('Escape')
    await look('contrast')
    expect(await findings(page, 'contrast')).toEqual([])
    const elsewhere = await signedIn(browser, program, 'callum@harbour.example', { colorScheme: 'dark' })
    await elsewhere.open('/complaints?view=all')
    await seen(elsewhere.page.locator('html[data-contrast=more]'))
    await seen(elsewhere.page.locator('.row'))
    await look('contrast-dark', elsewhere.page)
    await elsewhere.context.close()
    await prefer({ theme: 'auto' })
  })
})

describe('installed', () => {
  it('keeps its own files and nothing of a case, and says when there is no connection', async () => {
    const kept = await signedIn(browser, program, 'callum@harbour.example', { serviceWorkers: 'allow' })
    const { page: p, context } = kept
    await kept.open('/complaints?view=all')
    await seen(p.locator('.row'))
    await expect
      .poll(
        () =>
          p.evaluate<boolean>(
            'navigator.serviceWorker.getRegistration().then((r) => r?.active?.state === "activated")',
          ),
        wait,
      )
      .toBe(true)
    await expect.poll(() => p.evaluate<string[]>(keptPaths), wait).toContain('/desk/')
    await p.reload()
    await seen(p.locator('.row'))
    const paths = await p.evaluate<string[]>(keptPaths)
    expect(paths.filter((path) => !/^\/desk\/($|assets\/[\w.~-]+$|[\w-]+\.(js|svg|png)$)/.test(path))).toEqual([])
    await context.setOffline(true)
    await seen(p.getByText('No connection. What you typed is kept'))
    await p.reload()
    await seen(p.getByRole('alert'))
    await look('offline', p)
    await context.setOffline(false)
    await p.getByRole('button', { name: 'Try again' }).click()
    await seen(p.locator('.row'))
    await context.close()
  })

  it('has a manifest with pictures that are there', async () => {
    const { request } = agent.context
    const manifest = await (await request.get(`${program.base}/desk/manifest.webmanifest`)).json()
    expect(manifest).toMatchObject({ start_url: '/desk/', display: 'standalone' })
    for (const { src, type } of manifest.icons) {
      const reply = await request.get(`${program.base}/desk/${src}`)
      expect([reply.status(), reply.headers()['content-type']], src).toEqual([200, type])
    }
  })
})

const keptPaths =
  'caches.keys().then((names) => Promise.all(names.map((n) => caches.open(n).then((c) => c.keys())))).then((all) => all.flat().map((r) => new URL(r.url).pathname))'
