import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { findings } from './axe.ts'
import { startDemo } from './demo.ts'
import { seen, signedIn } from './desk.ts'
import type { Program } from './program.ts'

// What leaves the desk as a file: the list as it is filtered, and one complaint.

vi.setConfig({ testTimeout: 120_000 })

/** Where somebody who wants to look has pictures written. */
const look = process.env.REDRESS_LOOK

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

const picture = async (page: Page, name: string) => {
  if (look) await page.screenshot({ path: `${look}/${name}.png` })
}

describe('files', () => {
  it.each([
    ...(look ? ([['zh-Hant', 'light', 1440, '匯出', 'CSV 檔']] as const) : []),
    ['en', 'dark', 390, 'Export', 'As CSV'],
  ] as const)(
    'of the list and of a complaint are at hand in %s, %s, %d px wide',
    async (language, colorScheme, width, button, csv) => {
      const options = { language, colorScheme, viewport: { width, height: 844 } }
      const { context, page, open } = await signedIn(browser, program, 'yating@harbour.example', options)
      await open('/complaints?view=all&open=any')
      await seen(page.locator('.rows li'))
      await page.getByRole('button', { name: button, exact: true }).focus()
      await page.keyboard.press('Enter')
      const item = page.getByRole('menuitem', { name: csv })
      await seen(item)
      await expect.poll(() => page.getByRole('menu').innerText(), { timeout: 12_000 }).toMatch(/\d/)
      await picture(page, `export-menu-${language}-${colorScheme}`)
      expect(await findings(page, '/complaints')).toEqual([])
      const download = page.waitForEvent('download')
      await item.press('Enter')
      const file = await download
      const rows = (await readFile(await file.path(), 'utf8')).trim().split('\r\n')
      expect(file.suggestedFilename()).toMatch(/\d{4}-\d\d-\d\d\.csv$/)
      const counted = await context.request.get(`${program.base}/api/v1/complaints/count?view=all&open=any`)
      expect(rows.length - 1).toBe(((await counted.json()) as { count: number }).count)
      await page.locator('.rows li a').first().click()
      const more = page.getByRole('button', { name: language === 'en' ? 'More actions' : '更多動作' })
      await seen(more)
      await more.click()
      const outside = page.getByRole('menuitem', {
        name: language === 'en' ? 'for outside: page to print' : '對外版：可列印網頁',
      })
      await outside.scrollIntoViewIfNeeded()
      await seen(outside)
      await picture(page, `case-menu-${language}-${colorScheme}`)
      const printed = context.waitForEvent('page')
      await outside.click()
      const paper = await printed
      await seen(paper.locator('h2'))
      expect(await paper.locator('article').count()).toBeGreaterThan(0)
      await picture(paper, `case-page-${language}-${colorScheme}`)
      await context.close()
    },
  )
})
