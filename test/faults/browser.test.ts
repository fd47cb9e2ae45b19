import pg from 'pg'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { freshDatabase, type TestDatabase } from '../../src/kit/testing/database.ts'
import { post } from './ledger.ts'
import { type Installation, installation, type Role } from './roles.ts'

// F26: the browser crashes or loses its connection while somebody types or sends. No words are lost, nothing is there twice,
// and what went wrong is said.

let database: TestDatabase
let redress: Installation
let program: Role
let browser: Browser
let context: BrowserContext
let desk: Page
let complaint: string
let client: pg.Client

beforeAll(async () => {
  database = await freshDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  redress = await installation(database.url)
  program = await redress.run('all')
  const cookie = await redress.setUp(program)
  browser = await openBrowser()
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url: program.base }])
  desk = await openPage(context)
  const made = await post({ base: program.base, cookie }, 'browser-1', 'the kettle leaks')
  complaint = `${program.base}/desk/complaints/${made.id}`
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await redress?.remove()
  await client?.end()
  await database?.drop()
}, 60_000)

describe('at the desk', () => {
  it('the page crashes while an answer is written: its words, its outcome and what it says to each point are there again', async () => {
    const words = 'We are sorry about the kettle, and send a new one.'
    const answer = 'The seal was of a bad batch; handling was right.'
    const isAnswer = () => desk.getByRole('checkbox', { name: /This is our answer/ })
    const toPoint = () => desk.getByRole('textbox', { name: 'Answer to point 1' })
    await writeReply(words)
    await isAnswer().check()
    await desk.locator('.composer').getByRole('combobox', { name: 'Outcome' }).selectOption({ index: 1 })
    await toPoint().fill(answer)
    desk = await crash(desk, context)
    await desk.goto(complaint)
    await desk.getByRole('button', { name: /^Reply to/ }).click()
    expect(await desk.getByLabel('Reply to the complainant').inputValue()).toBe(words)
    expect(await isAnswer().isChecked()).toBe(true)
    expect(await toPoint().inputValue()).toBe(answer)
    await isAnswer().uncheck()
  }, 60_000)

  it('offline: it is said, the words stay, and sending again says them once', async () => {
    const words = 'A courier comes tomorrow morning.'
    await writeReply(words)
    await context.setOffline(true)
    await desk.getByRole('button', { name: 'Record what was told' }).click()
    await desk.locator('.composer [role=alert]').waitFor()
    expect(await desk.locator('.composer [role=alert]').innerText()).toContain('Nothing is lost')
    expect(await desk.getByLabel('Reply to the complainant').inputValue()).toBe(words)
    await context.setOffline(false)
    await desk.getByRole('button', { name: 'Record what was told' }).click()
    await desk.getByLabel('Reply to the complainant').waitFor({ state: 'detached' })
    expect(await times(words)).toBe(1)
  }, 60_000)

  it('every answer is lost on the way, then the page crashes: sent again, it is still said once', async () => {
    const words = 'The new kettle is on its way.'
    await writeReply(words)
    await desk.route('**/replies', async (route) => {
      await route.fetch()
      await route.abort()
    })
    await desk.getByRole('button', { name: 'Record what was told' }).click()
    await desk.locator('.composer [role=alert]').waitFor()
    expect(await times(words)).toBe(1)
    desk = await crash(desk, context)
    await desk.goto(complaint)
    await desk.getByRole('button', { name: /^Reply to/ }).click()
    await desk.getByRole('button', { name: 'Record what was told' }).click()
    await desk.getByLabel('Reply to the complainant').waitFor({ state: 'detached' })
    expect(await times(words)).toBe(1)
  }, 60_000)

  it('a crash in the entry form loses nothing, and pressing twice records once', async () => {
    const words = 'The lid does not close, said on the telephone.'
    await desk.goto(`${program.base}/desk/new`)
    await desk.getByLabel('What happened').or(desk.locator('textarea')).first().fill(words)
    await desk.getByLabel('Name', { exact: true }).first().fill('Ms Lin')
    desk = await crash(desk, context)
    await desk.goto(`${program.base}/desk/new`)
    await expect.poll(() => desk.locator('textarea').first().inputValue()).toBe(words)
    expect(await desk.getByLabel('Name', { exact: true }).first().inputValue()).toBe('Ms Lin')
    await desk.locator('form button[type=submit]').dblclick()
    await desk
      .getByText(/R-20\d\d-\d{6}/)
      .first()
      .waitFor()
    expect(await times(words)).toBe(1)
    await desk.goto(`${program.base}/desk/new`)
    expect(await desk.locator('textarea').first().inputValue()).toBe('')
  }, 60_000)
})

describe('on the portal', () => {
  it('a page loaded anew and a lost connection while typing: the words are there again, and are sent once', async () => {
    const words = '門鎖壞了，進不了家門。'
    const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })
    const page = await openPage(phone)
    const press = async (name: string) =>
      page
        .getByRole('button', { name, exact: true })
        .or(page.getByRole('link', { name, exact: true }))
        .first()
        .click()
    await page.goto(`${program.base}/p/harbour/?lang=en`)
    await press('Start')
    await page.getByRole('textbox').first().fill(words)
    // What this tab keeps; a crashed one cannot be driven on, and another tab is another person's, perhaps.
    await page.goto('about:blank')
    await page.goto(`${program.base}/p/harbour/complain/what?lang=en`)
    expect(await page.getByRole('textbox').first().inputValue()).toBe(words)
    await phone.setOffline(true)
    await press('Continue').catch(() => undefined)
    await phone.setOffline(false)
    await page.goto(`${program.base}/p/harbour/complain/what?lang=en`)
    expect(await page.getByRole('textbox').first().inputValue()).toBe(words)
    await press('Continue')
    for (let step = 0; step < 3; step++) await press('Continue')
    await page.getByLabel('With my name').check()
    await page.getByLabel('Name', { exact: true }).fill('周小姐')
    await page.getByLabel('Telephone').fill('0922 333 444')
    await press('Continue')
    await page.getByRole('button', { name: 'Send', exact: true }).dblclick()
    await page
      .getByText(/R-20\d\d-\d{6}/)
      .first()
      .waitFor()
    expect(await times(words)).toBe(1)
    await page.goto(`${program.base}/p/harbour/complain/new?lang=en`)
    expect(await page.getByRole('textbox').first().inputValue()).toBe('')
    await phone.close()
  }, 60_000)
})

async function openPage(of: BrowserContext): Promise<Page> {
  const page = await of.newPage()
  page.setDefaultTimeout(30_000)
  return page
}

async function writeReply(words: string): Promise<void> {
  await desk.goto(complaint)
  await desk.getByRole('button', { name: /^Reply to/ }).click()
  await desk.getByLabel('Reply to the complainant').fill(words)
}

/** The renderer dies; the browser, and what it keeps, lives on. */
async function crash(page: Page, of: BrowserContext): Promise<Page> {
  await page.goto('chrome://crash').catch(() => undefined)
  await page.close().catch(() => undefined)
  return openPage(of)
}

/** How many messages say this. */
async function times(words: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from message where body = $1', [words])
  return rows[0]?.n ?? 0
}
