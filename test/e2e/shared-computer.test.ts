import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { act, seen, signedIn } from './desk.ts'
import { startDemo } from './demo.ts'
import { demoPassword, type Program } from './program.ts'

// A computer that many use: the tablet at the counter, the desk of the next shift. Nobody reads what the one before typed.

vi.setConfig({ testTimeout: 60_000 })

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

describe('two complainants in one tab of the portal', () => {
  const words = 'My neighbour must not read this.'
  let page: Page
  const go = async (path: string) => void (await page.goto(`${program.base}/p/harbour${path}`))
  const box = () => page.locator('#text')
  const kept = () => page.evaluate(() => JSON.stringify({ ...sessionStorage }))

  type Codes = { publicRef: string; secret: string }
  let codes: readonly [Codes, Codes, Codes]
  beforeAll(async () => {
    const tom = await signedIn(browser, program, 'tom@harbour.example')
    const make = async (): Promise<Codes> => {
      const data = { channel: 'phone', text: 'The lid rattles.', mode: 'anonymous' }
      const headers = { 'sec-fetch-site': 'same-origin' }
      return (await tom.context.request.post(`${program.base}/api/v1/complaints`, { data, headers })).json()
    }
    codes = [await make(), await make(), await make()]
    await tom.context.close()
    const context = await browser.newContext()
    context.setDefaultTimeout(12_000)
    await context.addInitScript(() => localStorage.setItem('redress.toured', '1'))
    page = await context.newPage()
  }, 60_000)
  afterAll(() => page?.context().close())

  async function openComplaint({ publicRef, secret }: Codes): Promise<void> {
    await page.locator('#reference').fill(publicRef)
    await page.locator('#secret').fill(secret)
    await page.locator('main form button').click()
    await page.waitForURL('**/track/status')
  }

  it('what was added to a complaint and not sent is gone with its session', async () => {
    await go('/track')
    await openComplaint(codes[0])
    await go('/track/add')
    await box().fill(words)
    await go('/track/add')
    expect(await box().inputValue()).toBe(words)
    await go('/track/status')
    await page.locator('form[action$=leave] button').click()
    await page.waitForURL('**/track')
    expect(await kept()).not.toContain(words)
    await openComplaint(codes[1])
    await go('/track/add')
    expect(await box().inputValue()).toBe('')
  })

  it('nor is it shown when the session only ran out, unless the same complaint is opened again', async () => {
    await box().fill(words)
    await page.context().clearCookies({ name: 'redress_track' })
    await go('/track/status')
    await openComplaint(codes[1])
    await go('/track/add')
    expect(await box().inputValue()).toBe(words)
    await page.context().clearCookies({ name: 'redress_track' })
    await go('/track/status')
    await openComplaint(codes[2])
    expect(await kept()).not.toContain(words)
    await go('/track/add')
    expect(await box().inputValue()).toBe('')
    for (let back = 0; back < 12; back++) {
      await page.goBack().catch(() => undefined)
      if ((await box().count()) > 0) expect(await box().inputValue()).toBe('')
    }
  })

  it('a new complaint begins empty, and words older than half an hour are gone', async () => {
    await go('/complain/new')
    await box().fill(words)
    await go('/complain/what')
    expect(await box().inputValue()).toBe(words)
    await page.context().clearCookies({ name: 'redress_draft' })
    await go('/complain/new')
    expect(await box().inputValue()).toBe('')
    await box().fill(words)
    await page.evaluate(() => {
      const held = JSON.parse(sessionStorage.getItem('redress.words') ?? '{}')
      sessionStorage.setItem('redress.words', JSON.stringify({ ...held, since: held.since - 31 * 60_000 }))
    })
    await go('/complain/what')
    expect(await box().inputValue()).toBe('')
  })
})

describe('two members of staff in one browser', () => {
  const words = 'The caller told me something private.'
  let context: BrowserContext
  let page: Page
  const open = async (path: string) => void (await page.goto(`${program.base}/desk${path}`))
  const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage }))
  const entry = () => page.getByLabel('What was said')
  const note = () => page.getByRole('textbox', { name: 'Text of the internal note' })
  let complaint = ''

  beforeAll(async () => {
    const tom = await signedIn(browser, program, 'tom@harbour.example')
    context = tom.context
    page = tom.page
    const me = (await (await context.request.get(`${program.base}/api/v1/me`)).json()) as { teams: { id: string }[] }
    const data = { channel: 'phone', text: 'The tray is bent.', teamId: me.teams[0]?.id }
    const headers = { 'sec-fetch-site': 'same-origin' }
    const made = await context.request.post(`${program.base}/api/v1/complaints`, { data, headers })
    complaint = `/complaints/${((await made.json()) as { id: string }).id}?view=all`
  }, 60_000)
  afterAll(() => context?.close())

  async function writeNote(text = words): Promise<void> {
    await open(complaint)
    await page.getByRole('button', { name: /^Internal note(?!s)/ }).click()
    await note().fill(text)
  }

  async function enterAs(mail: string): Promise<void> {
    await page.getByLabel('Mail').or(page.locator('input[name=mail]')).first().fill(mail)
    await page.locator('input[name=password]').fill(demoPassword)
    await page.locator('button[type=submit]').click()
    await seen(page.getByRole('navigation'))
  }

  it('words are there again for the one who typed them, in another session too', async () => {
    await open('/new')
    await entry().fill(words)
    await writeNote()
    await context.clearCookies({ name: 'redress_session' })
    await open('/new')
    await enterAs('tom@harbour.example')
    await seen(entry())
    expect(await entry().inputValue()).toBe(words)
    await writeNote()
    await open(complaint)
    await page.getByRole('button', { name: /^Internal note(?!s)/ }).click()
    expect(await note().inputValue()).toBe(words)
  })

  it('and not after a day', async () => {
    await open('/outbox')
    await page.evaluate(() => {
      for (const key of Object.keys(localStorage).filter((k) => k.startsWith('redress.draft.'))) {
        const held = JSON.parse(localStorage.getItem(key) ?? '{}')
        localStorage.setItem(key, JSON.stringify({ ...held, at: held.at - 25 * 3_600_000 }))
      }
    })
    await open('/account')
    await expect.poll(kept).not.toContain(words)
  })

  it('the next one, after a session that ended without the button, is given none of them', async () => {
    await open('/new')
    await entry().fill(words)
    await page.route('**/notes', (route) => route.abort())
    await writeNote()
    await page.keyboard.press('Control+Enter')
    await expect.poll(kept).toContain('intent.')
    await context.clearCookies({ name: 'redress_session' })
    await open('/new')
    await enterAs('priya@harbour.example')
    await seen(entry())
    expect(await entry().inputValue()).toBe('')
    await expect.poll(kept).not.toContain(words)
    expect(await kept()).not.toContain('intent.')
    await open(complaint)
    await page.getByRole('button', { name: /^Internal note(?!s)/ }).click()
    expect(await note().inputValue()).toBe('')
    await page.unroute('**/notes')
  })

  it('words about a restricted complaint never lie in the browser', async () => {
    await context.clearCookies({ name: 'redress_session' })
    await open('/new')
    await enterAs('tom@harbour.example')
    // While the server cannot take them, they wait in the browser.
    await page.route('**/api/v1/drafts/**', (route) => route.abort())
    const told = `${words} And more.`
    await writeNote(told)
    await expect.poll(kept).toContain(told)
    const dialog = await act(page, 'Restrict')
    await dialog.getByLabel('Confidentiality').selectOption('restricted')
    await dialog.getByRole('button', { name: 'Restrict' }).click()
    await seen(page.getByText('restricted', { exact: true }))
    await expect.poll(kept).not.toContain(told)
    await page.getByRole('button', { name: /^Internal note(?!s)/ }).click()
    await page.getByRole('button', { name: /^Internal note(?!s)/ }).click()
    expect(await note().inputValue()).toBe(told)
    await page.unroute('**/api/v1/drafts/**')
  })
})
