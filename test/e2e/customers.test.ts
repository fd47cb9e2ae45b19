import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { findings } from './axe.ts'
import { startDemo } from './demo.ts'
import { seen, signedIn } from './desk.ts'
import type { Program } from './program.ts'

// Whoever checks: a customer found and corrected, a complaint proven untouched, and the health of it all.

vi.setConfig({ testTimeout: 120_000 })

const [lead, auditor, admin] = ['yating@harbour.example', 'robert@harbour.example', 'zhiming@harbour.example']
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

describe('customers', () => {
  it('are found by the sound of a name, opened by keys, and corrected with a trail', async () => {
    const { context, page, open } = await signedIn(browser, program, lead)
    await open('/customers')
    const first = page.locator('a.customer').first()
    await seen(first)
    expect(await page.locator('a.customer').count()).toBeLessThan(60)
    const reply = await context.request.get(`${program.base}/api/v1/customers/list?limit=100`)
    const { items } = (await reply.json()) as { items: { name: string; complaints: number }[] }
    const name = items.find((c) => /^\p{Script=Han}{2,4}$/u.test(c.name) && c.complaints > 0)?.name ?? ''
    await page.getByLabel('Find a customer').fill(name.slice(1))
    await seen(page.locator('a.customer', { hasText: name }))
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await seen(page.getByRole('heading', { level: 1, name }))
    await page.getByRole('button', { name: 'Correct' }).click()
    await page.getByLabel('Prefers').selectOption({ label: 'telephone' })
    await page.getByRole('button', { name: 'Save' }).click()
    await seen(page.getByText(/the preferred way/))
    expect(await findings(page, '/customers/$id')).toEqual([])
    await context.close()
  })
})

describe('an auditor', () => {
  it('proves a complaint untouched in three clicks, well under a minute, and takes the proof along', async () => {
    const { context, page, open } = await signedIn(browser, program, auditor)
    await program.cli('checkpoint')
    let clicks = 0
    const click = async (role: 'link' | 'button', name: string | RegExp) => {
      clicks += 1
      await page.getByRole(role, { name }).first().click()
    }
    await open('/complaints?view=all')
    await seen(page.locator('[data-row]'))
    const begun = Date.now()
    clicks += 1
    await page.locator('[data-row]').first().click()
    await click('link', 'Audit')
    await click('button', 'Verify')
    await seen(page.getByRole('heading', { name: /Untouched since/ }))
    expect(await page.locator('.verified').innerText()).toMatch(/sealed by checkpoint \d+ of/)
    expect(clicks).toBeLessThanOrEqual(3)
    expect(Date.now() - begun).toBeLessThan(60_000)
    expect(await findings(page, '/complaints/$id/audit')).toEqual([])
    const [file] = await Promise.all([page.waitForEvent('download'), click('link', /Proof/)])
    expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toMatchObject({ format: 'redress-proof' })
    await context.close()
  })
})

it('the administrator sees what to do, on a telephone too', async () => {
  const options = { language: 'zh-Hant' as const, viewport: { width: 390, height: 844 } }
  const { context, page, open } = await signedIn(browser, program, admin, options)
  await open('/settings/health')
  await seen(page.getByRole('heading', { name: '備份' }))
  expect(await page.locator('.health > li').count()).toBe(13)
  expect(await findings(page, '/settings/health')).toEqual([])
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  await context.close()
})
