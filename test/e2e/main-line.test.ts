import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { demoPassword, type Program, startProgram } from './program.ts'

// The main job in a real browser: filed on a phone without JavaScript, seen live at the desk, answered, found in either
// script, closed, and proved.

let program: Program
let browser: Browser
let desk: Page
const filed = { number: '', reference: '', code: '' }

beforeAll(async () => {
  program = await startProgram()
  browser = await openBrowser()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
}, 60_000)

describe('the main line, portal to proof', () => {
  it('the lead signs in at the desk and sees open work with its dates', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
    desk = await context.newPage()
    desk.setDefaultTimeout(30_000)
    await desk.goto(`${program.base}/desk/`)
    await desk.locator('input').first().fill('tom@harbour.example')
    await desk.locator('input[type=password]').fill(demoPassword)
    await desk.keyboard.press('Enter')
    await desk.getByRole('navigation').first().waitFor()
    // Whoever sees the demo for the first time is offered a look round.
    await desk.getByRole('dialog', { name: 'What must happen next' }).waitFor()
    await desk.keyboard.press('Escape')
    await desk.getByRole('link', { name: /^All/ }).first().click()
    await expect.poll(() => desk.getByText(/R-20\d\d-\d{6}/).count(), { timeout: 30_000 }).toBeGreaterThan(3)
  })

  it('a complaint is filed on the portal, at phone size, without JavaScript', async () => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      locale: 'en-GB',
      javaScriptEnabled: false,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    const press = async (name: string) =>
      page
        .getByRole('button', { name, exact: true })
        .or(page.getByRole('link', { name, exact: true }))
        .first()
        .click()
    await page.goto(`${program.base}/p/harbour/?lang=en`)
    await press('Start')
    await page.getByRole('textbox').first().fill('新買的氣炸鍋門扣斷裂，燙到手，門市說不能退換。')
    await press('Continue')
    await press('Continue')
    await page.getByRole('textbox').first().fill('退貨退款')
    await press('Continue')
    await press('Continue')
    await page.getByLabel('With my name').check()
    await page.getByLabel('Name', { exact: true }).fill('周小姐')
    await page.getByLabel('Telephone').fill('0922 333 444')
    await press('Continue')
    await press('Send')
    const text = await page.locator('main').innerText()
    filed.number = /R-20\d\d-\d{6}/.exec(text)?.[0] ?? ''
    const codes = [...text.matchAll(/\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b/g)].map((m) => m[0])
    ;[filed.reference = '', filed.code = ''] = codes
    expect(filed.number).not.toBe('')
    expect(codes.length).toBeGreaterThanOrEqual(2)
    expect(text).toMatch(/By .* a person gives you a first reply/)
    await context.close()
  })

  it('it appears at the desk by itself and is answered with a finding on every point', async () => {
    await expect.poll(() => desk.getByText(/^\d+ new$/).count(), { timeout: 30_000 }).toBeGreaterThan(0)
    await desk.goto(`${program.base}/desk/search?q=${filed.number}`)
    await desk.getByText(filed.number).first().click()
    await desk.getByRole('button', { name: /^Reply to/ }).click()
    await desk
      .getByLabel('Reply to the complainant')
      .fill('周小姐您好：門扣確為瑕疵，已安排全額退款，並由店長向您致歉。')
    await desk.getByLabel(/This is our answer/).check()
    await desk.locator('.composer').getByLabel('Outcome').selectOption('O1')
    await desk.getByLabel('Finding on point 1').first().selectOption('upheld')
    await desk.getByRole('button', { name: 'Send reply' }).click()
    await expect.poll(() => desk.getByText('門扣確為瑕疵').count(), { timeout: 30_000 }).toBeGreaterThan(0)
  })

  it('is found by one word in either script', async () => {
    for (const word of ['氣炸鍋', '气炸锅', '周小姐', filed.number]) {
      await desk.goto(`${program.base}/desk/search?q=${encodeURIComponent(word)}`)
      await expect
        .poll(() => desk.getByText(filed.number).count(), { timeout: 30_000, message: word })
        .toBeGreaterThan(0)
    }
  })

  it('the complainant reads the answer with reference and receipt code', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false })
    const page = await context.newPage()
    await expect
      .poll(
        async () => {
          await page.goto(`${program.base}/p/harbour/track?lang=en`)
          await page.getByLabel('Reference').fill(filed.reference)
          await page.getByLabel('Receipt code').fill(filed.code.toLowerCase())
          await page.getByRole('button', { name: 'Show it' }).click()
          return page.locator('main').innerText()
        },
        { timeout: 60_000, interval: 2_000 },
      )
      .toContain('門扣確為瑕疵')
    await context.close()
  })

  it('who left only a number is called before it can be closed; it is closed with a reason and a written outcome', async () => {
    await desk.goto(`${program.base}/desk/search?q=${filed.number}`)
    await desk.getByText(filed.number).first().click()
    await desk.locator('.next').getByRole('button', { name: 'Note a call', exact: true }).click()
    const call = desk.getByRole('dialog')
    await call.getByLabel('Direction').selectOption('out')
    await call.getByLabel('Result').selectOption('reached')
    await call.locator('button[type=submit]').click()
    await expect.poll(() => call.count(), { timeout: 30_000 }).toBe(0)
    await desk.getByText('More actions').click()
    await desk
      .getByRole('menuitem', { name: 'Close', exact: true })
      .or(desk.getByRole('button', { name: 'Close', exact: true }))
      .first()
      .click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel('Closing reason').selectOption('C2')
    await dialog.getByLabel(/Written outcome/).fill('已全額退款並致歉。')
    await dialog.locator('button[type=submit]').click()
    await expect.poll(() => dialog.count(), { timeout: 30_000 }).toBe(0)
  })

  it('"redress verify" finds nothing wrong', async () => {
    const { code, out } = await program.cli('verify')
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Nothing wrong') })
  }, 120_000)
})
