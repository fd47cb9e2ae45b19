import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { startDemo } from './demo.ts'
import { type Desk, seen, signedIn } from './desk.ts'
import type { Program } from './program.ts'

// UX.md T2 and T9: a call taken by keys alone, counted; and with an input method that is still composing.

vi.setConfig({ testTimeout: 90_000 })

let program: Program
let browser: Browser
let desk: Desk
let page: Page

beforeAll(async () => {
  const opened = openBrowser()
  program = await startDemo()
  browser = await opened
  desk = await signedIn(browser, program, 'callum@harbour.example')
  page = desk.page
  await page.addInitScript(`
    globalThis.counted = { keys: 0, pointer: 0 }
    addEventListener('keydown', (e) => void (['Shift', 'Alt', 'Control'].includes(e.key) || counted.keys++), true)
    addEventListener('pointerdown', () => void counted.pointer++, true)
  `)
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
}, 60_000)

const patient = { timeout: 12_000 }
const counted = () => page.evaluate<{ keys: number; pointer: number }>('counted')
const words = () => page.getByLabel('What they say')
const caller = () => page.getByRole('combobox', { name: 'Who is calling?' })
const number = () => page.locator('.big-number')
const isFocused = async (place: Locator) => (await place.and(place.page().locator(':focus')).count()) === 1
const focused = (place: Locator) => expect.poll(() => isFocused(place), patient).toBe(true)
const recordedAs = async () => {
  await seen(number())
  const address = (await page.getByRole('link', { name: 'Open it' }).getAttribute('href')) ?? ''
  const id = address.split('/').at(-1)
  return (await desk.context.request.get(`${program.base}/api/v1/complaints/${id}`)).json()
}

describe('a call of a known customer', () => {
  it('is taken in 45 seconds without a mouse (T2)', async () => {
    await desk.open('/call')
    await focused(caller())
    await page.keyboard.type('678')
    await seen(page.getByRole('option', { name: /吳先生/ }))
    await page.keyboard.press('Enter')
    await focused(words())
    const before = (await counted()).keys
    expect(before, 'the end of the number and one key').toBe(4)
    const said = 'Kettle defect again, it trips the fuse. Wants the money back.'
    await page.keyboard.type(said)
    await page.keyboard.press('Tab')
    await page.keyboard.type('prod')
    await page.keyboard.press('Enter')
    await page.keyboard.press('3')
    await page.keyboard.press('Alt+KeyB')
    await focused(page.getByLabel('By when'))
    await page.keyboard.type('tomorrow 3pm')
    await seen(page.getByText(/15:00:00/))
    await page.keyboard.press('Control+Enter')
    await seen(number())
    const { keys, pointer } = await counted()
    expect(pointer).toBe(0)
    const beside = keys - said.length
    expect(beside, 'keys beside the words').toBeLessThanOrEqual(30)
    // Five keys a second is a trained typist; the pauses are those of whoever speaks.
    expect(keys * 0.2).toBeLessThan(45)
    process.stdout.write(
      `T2: ${keys} keys, ${beside} beside the words, ${pointer} pointer, ${(keys * 0.2).toFixed(0)} s typed\n`,
    )
    await seen(page.locator('.read-back[lang=zh-Hant]').getByText(/回電/))
    const made = await recordedAs()
    expect(made.complaint).toMatchObject({ customerName: '吳先生', typeCode: 'R1', impact: 3 })
    expect(made.clocks.find((c: { kind: string }) => c.kind === 'callback')).toMatchObject({ state: 'running' })
    await focused(page.getByRole('button', { name: 'Next call' }))
    await page.keyboard.press('Enter')
    await focused(caller())
  })

  it('opens with the caller filled in from a link, and what they complained of before', async () => {
    await desk.open('/call?from=%2B886912000678&name=Wu')
    await seen(page.locator('.caller').getByText('吳先生'))
    await focused(words())
    await seen(page.locator('.known li').first())
  })

  it('goes onto a complaint that is known, by its digit', async () => {
    await desk.open('/call?from=%2B886912000678')
    await seen(page.locator('.known li').first())
    await page.keyboard.type('He asks again when the money comes.')
    await page.keyboard.press('Alt+Digit1')
    await seen(page.getByRole('button', { name: /^Add to R-/ }))
    await page.keyboard.press('Control+Enter')
    const made = await recordedAs()
    const last = made.timeline.findLast((i: { kind: string }) => i.kind === 'message')
    expect(last).toMatchObject({ body: 'He asks again when the money comes.', call: { direction: 'in' } })
  })
})

describe('nothing typed is lost', () => {
  it('when the page dies: it is there again, on any machine', async () => {
    await desk.open('/call')
    await focused(caller())
    await page.keyboard.type('0912-000-102')
    await seen(page.getByRole('option', { name: /陳國忠/ }))
    await page.keyboard.press('Enter')
    await focused(words())
    await page.keyboard.type('The delivery came two weeks late')
    await page.waitForTimeout(2_000)
    const elsewhere = await signedIn(browser, program, 'callum@harbour.example')
    await elsewhere.open('/call')
    await expect
      .poll(() => elsewhere.page.getByLabel('What they say').inputValue())
      .toBe('The delivery came two weeks late')
    await elsewhere.context.close()
    await page.reload()
    await expect.poll(() => words().inputValue(), patient).toBe('The delivery came two weeks late')
  })

  it('when it cannot be recorded: it says so, keeps all, and the next try is one complaint', async () => {
    await desk.open('/call')
    await expect.poll(() => words().inputValue(), patient).toBe('The delivery came two weeks late')
    const address = '**/api/v1/complaints'
    await page.route(address, (route) =>
      route.fulfill({ status: 500, body: '{"status":500,"code":"server.defect","title":"x","type":"x"}' }),
    )
    await words().focus()
    await page.keyboard.press('Control+Enter')
    await seen(page.getByText('It was not recorded, and nothing is lost: press again.'))
    expect(await words().inputValue()).toBe('The delivery came two weeks late')
    await page.unroute(address)
    await page.keyboard.press('Control+Enter')
    expect((await recordedAs()).complaint.snippet).toBe('The delivery came two weeks late')
  })
})

describe('abuse', () => {
  it('has a key: marked, with what helps beside it, and taken in all the same', async () => {
    await desk.open('/call')
    await focused(caller())
    await page.keyboard.type('Somebody Angry')
    // Whoever is looked for is taken as new only once nobody was found.
    const onToTheWords = async () => {
      if (await isFocused(words())) return true
      await page.keyboard.press('Enter')
      return false
    }
    await expect.poll(onToTheWords, { timeout: 12_000, interval: 300 }).toBe(true)
    await page.keyboard.type('You are all thieves, and the parcel is lost.')
    await page.keyboard.press('Alt+KeyA')
    await seen(page.getByText('When somebody is abusive'))
    await page.keyboard.press('Control+Enter')
    const made = await recordedAs()
    expect(made.timeline.find((i: { kind: string }) => i.kind === 'message').flags).toEqual(['abusive'])
  })
})

describe('an input method that is composing (T9)', () => {
  it('keeps its Enter: nothing is chosen and nothing recorded by it', async () => {
    const shufen = await signedIn(browser, program, 'shufen@harbour.example', { language: 'zh-Hant' })
    const { page: p } = shufen
    await shufen.open('/call')
    const ime = await p.context().newCDPSession(p)
    const compose = (text: string) =>
      ime.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
    const field = p.getByRole('combobox', { name: '誰打來？' })
    await seen(field)
    await field.focus()
    await compose('ㄨˊ')
    await p.keyboard.press('Enter')
    await compose('吳')
    await p.keyboard.press('Enter')
    await p.waitForTimeout(400)
    expect(await p.locator('.caller').count(), 'not chosen while composing').toBe(0)
    await ime.send('Input.insertText', { text: '吳先生' })
    await seen(p.getByRole('option', { name: /吳先生/ }))
    await p.keyboard.press('Enter')
    await seen(p.locator('.caller').getByText('吳先生'))
    const text = p.getByLabel('對方怎麼說')
    await expect.poll(() => isFocused(text), patient).toBe(true)
    await ime.send('Input.insertText', { text: '水壺又跳電' })
    await compose('ㄊㄨㄟˋ')
    await p.keyboard.press('Enter')
    await p.keyboard.press('Control+Enter')
    await p.waitForTimeout(300)
    expect(await p.locator('.big-number').count(), 'not recorded while composing').toBe(0)
    await ime.send('Input.insertText', { text: '，要退款' })
    await p.keyboard.press('Tab')
    await ime.send('Input.insertText', { text: 'ㄕㄤ ㄆㄧㄣˇ' })
    await seen(p.getByRole('option', { name: /商品瑕疵/ }))
    await p.keyboard.press('Enter')
    await p.keyboard.press('Control+Enter')
    await seen(p.locator('.big-number'))
    await shufen.context.close()
  })
})
