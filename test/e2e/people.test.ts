import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { findings } from './axe.ts'
import { type Demo, startDemo } from './demo.ts'
import { act, recorded, seen, signedIn } from './desk.ts'

// People at the desk: what stands under their words, and when they are away.

vi.setConfig({ testTimeout: 90_000 })

let demo: Demo
let browser: Browser
beforeAll(async () => {
  const opened = openBrowser()
  demo = await startDemo({ SMTP_URL: 'smtp://127.0.0.1:9' })
  browser = await opened
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await demo?.remove()
}, 60_000)

/** Pictures to look at, where somebody asked for them. */
const picture = async (page: Page, name: string) => {
  const folder = process.env.PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

it('a signature leaves with a reply as it was seen, and who is away is marked where people are chosen', async () => {
  const tom = await signedIn(browser, demo, 'tom@harbour.example')
  const { page } = tom
  await tom.open('/account')
  const signature = page.getByRole('region', { name: 'Signature' })
  await signature.getByLabel('English').fill('Tom Whitfield\nHarbour Home, London')
  await signature.getByRole('button', { name: 'Save' }).click()
  await seen(page.getByText('Signature saved'))
  const away = page.getByRole('region', { name: 'Away' })
  await away.getByRole('button', { name: 'Add' }).click()
  await seen(away.getByText('now', { exact: true }))
  await picture(page, 'account-en-light')
  expect(await findings(page, 'account')).toEqual([])
  await picture(page, 'account-en-dark')

  const complaint = await recorded(tom, demo, {
    locale: 'en',
    complainant: { name: 'Ann', mail: 'ann@example.test' },
  })
  await page.emulateMedia({ colorScheme: 'light' })
  await tom.open(`/complaints/${complaint.id}`)
  await page.getByRole('button', { name: /^Reply to/ }).click()
  await page.getByRole('textbox', { name: 'Reply to the complainant' }).fill('We are on it.')
  await seen(page.getByText('Harbour Home, London'))
  await picture(page, 'composer')
  await page.getByRole('button', { name: /^Send reply/ }).click()
  await seen(page.locator('.timeline').getByText('Harbour Home, London'))

  const dialog = await act(page, 'Assign')
  await dialog.getByRole('combobox').first().click()
  await seen(page.getByRole('option', { name: /Tom Whitfield · away until/ }))
  await tom.context.close()
})

it('one finds it all on a phone, and an administrator is told what somebody leaves behind', async () => {
  const phone = { viewport: { width: 390, height: 844 }, language: 'zh-Hant' } as const
  const mei = await signedIn(browser, demo, 'meilin@harbour.example', phone)
  await mei.open('/account')
  await seen(mei.page.getByRole('heading', { name: '休假與代理' }))
  await picture(mei.page, 'account-zh-phone')
  expect(await mei.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  await mei.context.close()

  const admin = await signedIn(browser, demo, 'zhiming@harbour.example', { language: 'zh-Hant' })
  await admin.open('/settings/staff')
  await admin.page.getByRole('button', { name: '編輯 林美琳' }).click()
  await admin.page.getByRole('checkbox', { name: '可以登入' }).uncheck()
  await seen(admin.page.getByText(/會退回所屬團隊的佇列/))
  await picture(admin.page, 'leaver')
  await admin.context.close()
})
