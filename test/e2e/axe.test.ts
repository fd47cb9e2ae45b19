import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { findings } from './axe.ts'
import { type Desk, gone, recorded, seen, signedIn } from './desk.ts'
import { startDemo } from './demo.ts'
import type { Program } from './program.ts'

// Every screen of the desk and every page of the portal, in two scripts, light and dark: nothing serious for axe.

vi.setConfig({ testTimeout: 120_000 })

let program: Program
let browser: Browser
let lead: Desk
let admin: Desk
const languages = ['zh-Hant', 'en'] as const
const loading = /^(Loading…|正在載入…)$/

beforeAll(async () => {
  const opened = openBrowser()
  program = await startDemo()
  browser = await opened
  lead = await signedIn(browser, program, 'yating@harbour.example')
  admin = await signedIn(browser, program, 'zhiming@harbour.example')
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
}, 60_000)

describe.each(languages)('the desk in %s', (language) => {
  it('has no serious finding on any screen', async () => {
    const found: string[] = []
    const door = await browser.newContext({ locale: language === 'en' ? 'en-GB' : 'zh-TW' })
    const page = await door.newPage()
    await page.goto(`${program.base}/desk/sign-in`)
    await seen(page.getByRole('textbox'))
    found.push(...(await findings(page, 'sign-in')))
    await door.close()

    await speak(lead, language, '/complaints?view=all')
    found.push(...(await findings(lead.page, 'inbox')))
    for (const path of ['/search?q=水壺', '/new', '/outbox', '/parked', '/account', '/nowhere'])
      found.push(...(await at(lead, path)))
    found.push(...(await complaint(lead)))

    await speak(admin, language, '/settings/staff')
    found.push(...(await findings(admin.page, 'staff')))
    for (const path of ['/settings/teams', '/settings/roles', '/settings/keys']) found.push(...(await at(admin, path)))
    await go(admin.page, '/settings/staff')
    await admin.page
      .getByRole('button')
      .filter({ hasText: /Add a person|新增人員/ })
      .click()
    await seen(admin.page.getByRole('dialog'))
    found.push(...(await findings(admin.page, 'staff form')))
    expect(found).toEqual([])
  })
})

/** Opens the desk in another language; nobody has to sign in again for that. */
async function speak(desk: Desk, language: string, path: string): Promise<void> {
  await desk.open('/account')
  await desk.page.evaluate((locale) => localStorage.setItem('redress.locale', locale), language)
  await desk.open(path)
  await seen(desk.page.locator(`html[lang=${language}] h1`))
  await gone(desk.page.getByText(loading))
}

const head = 'h1, .state'

/** As a link of the desk goes: axe, half a megabyte, stays in the page and stays warm. Waits until the screen before is gone. */
async function go(page: Page, path: string): Promise<void> {
  await page.locator(head).evaluateAll((old) => {
    for (const one of old) one.setAttribute('data-left', '')
  })
  await page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(`/desk${path}`)}); dispatchEvent(new PopStateEvent('popstate'))`,
  )
  await gone(page.locator('[data-left]'))
  await seen(page.locator(head))
}

async function at(desk: Desk, path: string): Promise<string[]> {
  await go(desk.page, path)
  await gone(desk.page.getByText(loading))
  return findings(desk.page, path)
}

/** A complaint with a suggestion, a note, an answer on its way and a dialog. */
async function complaint(desk: Desk): Promise<string[]> {
  const { page } = desk
  const body = {
    text: '水壺跳電，要退款。',
    orderNo: `X-${Math.random()}`,
    complainant: { name: '周小姐', phone: '0922333444' },
  }
  await recorded(desk, program, body)
  const { id } = await recorded(desk, program, {
    ...body,
    channel: 'regulator_referral',
    authority: { body: '消保官', number: '11', sender: '' },
  })
  await go(page, `/complaints/${id}?view=all`)
  const composer = page.locator('.composer')
  await composer.getByRole('button').nth(1).click()
  await composer.getByRole('textbox').fill('已請門市查證。')
  await page.keyboard.press('Control+Enter')
  await seen(page.locator('.msg.note'))
  await composer.getByRole('button').first().click()
  await seen(composer.getByRole('textbox'))
  await composer.getByRole('checkbox').check()
  const found = await findings(page, 'complaint')
  await page
    .getByRole('button')
    .filter({ hasText: /Why this time|為什麼/ })
    .first()
    .click()
  found.push(...(await findings(page, 'why')))
  await page.keyboard.press('Escape')
  await page
    .getByRole('button')
    .filter({ hasText: /More actions|更多/ })
    .click()
  await seen(page.getByRole('menu'))
  found.push(...(await findings(page, 'actions')))
  await page
    .getByRole('menuitem')
    .filter({ hasText: /^(Assess|初步評估|評估)$/ })
    .click()
  await seen(page.getByRole('dialog'))
  found.push(...(await findings(page, 'assess')))
  return found
}

describe.each(languages)('the portal in %s', (language) => {
  it('has no serious finding on any page', async () => {
    const found: string[] = []
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
    const page = await context.newPage()
    page.setDefaultTimeout(12_000)
    const base = `${program.base}/p/harbour`
    const go = async (path: string) => void (await page.goto(`${base}${path}`))
    const look = async () => void found.push(...(await findings(page, page.url().slice(base.length))))
    const press = () => page.locator('main form button.btn').last().click()

    await page.goto(program.base)
    await look()
    await go(`/?lang=${language}`)
    await look()
    await go('/nowhere')
    await look()
    await go('/complain/what')
    await press()
    await look()
    await page.locator('#text').fill(language === 'en' ? 'The kettle leaks.' : '水壺會漏水。')
    for (const path of ['/about', '/want', '/files', '/you']) {
      await press()
      await page.waitForURL(`**/complain${path}*`)
      await look()
    }
    await press()
    await look()
    await page.locator('#mode').check()
    await page.locator('#name').fill('Ada')
    await page.locator('#phone').fill('0922 333 444')
    await press()
    await page.waitForURL('**/complain/check*')
    await look()
    await press()
    await page.waitForURL('**/complain/done*')
    await look()
    const codes = [...(await page.locator('main').innerText()).matchAll(/\b[0-9A-Z]{5}-[0-9A-Z]{5}\b/g)].map(
      (m) => m[0],
    )
    await go('/track')
    await look()
    const boxes = page.locator('main input[type=text]')
    await boxes.nth(0).fill(codes[0] ?? '')
    await boxes.nth(1).fill(codes[1] ?? '')
    await press()
    await page.waitForURL('**/track/status*')
    await look()
    for (const path of ['/track/add', '/track/withdraw']) {
      await go(path)
      await look()
    }
    await context.close()
    expect(found).toEqual([])
  })
})
