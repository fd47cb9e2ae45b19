import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { findings } from './axe.ts'
import { startDemo } from './demo.ts'
import { seen, signedIn } from './desk.ts'
import type { Program } from './program.ts'

// Monday's meeting: the figures on the screen, by keyboard, on a phone, and each number with its list.

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

describe('figures', () => {
  it('open the list a number counts, by keyboard alone, and the address keeps what is asked', async () => {
    const { context, page, open } = await signedIn(browser, program, 'yating@harbour.example')
    await open('/figures?period=year')
    const total = page.locator('.figures-table tfoot a').first()
    await seen(total)
    expect(await page.locator('.figures-balance').innerText()).toContain('Agrees')
    await page.getByLabel('By', { exact: true }).selectOption('team')
    await seen(page.getByRole('rowheader', { name: 'Taipei Complaints' }))
    expect(page.url()).toContain('by=team')
    await page.reload()
    const count = page.getByRole('link', { name: /^Received \d+: Taipei Complaints/ })
    await seen(count)
    const number = Number(await count.innerText())
    await count.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/complaints?**figure=received**')
    const list = page.locator('.rows li')
    await seen(list)
    const told = new URL(page.url()).searchParams
    const reply = await context.request.get(`${program.base}/api/v1/complaints?${told}&limit=100&sort=received`)
    expect(((await reply.json()) as { items: unknown[] }).items).toHaveLength(number)
    await context.close()
  })

  it.each([
    ['zh-Hant', 'light', 1440],
    ['en', 'dark', 390],
  ] as const)(
    'have no serious finding in %s, %s, %d px wide, and scroll only in their own box',
    async (language, colorScheme, width) => {
      const options = { language, colorScheme, viewport: { width, height: 844 } }
      const { context, page, open } = await signedIn(browser, program, 'yating@harbour.example', options)
      await open('/figures?period=year')
      await seen(page.locator('.figures-table'))
      expect(await findings(page, '/figures')).toEqual([])
      expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      const sideways = await page.locator('.page.figures').evaluate((e) => e.scrollWidth - e.clientWidth)
      expect(sideways).toBeLessThanOrEqual(0)
      await context.close()
    },
  )
})
