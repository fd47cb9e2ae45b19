import pg from 'pg'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { followLive } from '../faults/live.ts'
import { findings } from './axe.ts'
import { act, commanded, type Desk, gone, recorded, requestsOf, seen, signedIn } from './desk.ts'
import { type Demo, startDemo } from './demo.ts'
import { demoPassword } from './program.ts'

// What goes wrong on a day of complaints: too much of everything, two at once, and no connection. It is said, and nothing is lost.

vi.setConfig({ testTimeout: 60_000 })

let program: Demo
let browser: Browser
let tom: Desk
let mei: Desk

beforeAll(async () => {
  const opened = openBrowser()
  program = await startDemo()
  browser = await opened
  tom = await signedIn(browser, program, 'tom@harbour.example')
  mei = await signedIn(browser, program, 'meilin@harbour.example')
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
}, 60_000)

const patient = { timeout: 12_000 }
const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline' })
const wide = (page: Page) => page.evaluate<number>('document.scrollingElement.scrollWidth')

describe('too much', () => {
  it('a message of a megabyte without a space is recorded, shown folded, and stays within a phone', async () => {
    const phone = await signedIn(browser, program, 'tom@harbour.example', { viewport: { width: 390, height: 844 } })
    const { page } = phone
    const { id, number } = await recorded(tom, program, { text: 'x'.repeat(1_000_000), channel: 'sms' })
    const list = await phone.context.request.get(`${program.base}/api/v1/complaints?channel=sms`)
    expect((await list.body()).length).toBeLessThan(100_000)
    const opened = await phone.context.request.get(`${program.base}/api/v1/complaints/${id}`)
    expect((await opened.body()).length).toBeLessThan(100_000)
    await phone.open(`/complaints?view=all&channel=sms`)
    await seen(page.getByText(number))
    expect(await wide(page)).toBe(390)
    await phone.open(`/complaints/${id}`)
    const whole = page.getByRole('button', { name: 'Show all 1000000 characters' })
    await seen(whole)
    expect(await wide(page)).toBe(390)
    await whole.click()
    await expect
      .poll(
        () =>
          page
            .locator('.words')
            .first()
            .evaluate((e) => e.textContent?.length ?? 0),
        patient,
      )
      .toBeGreaterThanOrEqual(1_000_000)
    expect(await wide(page)).toBe(390)
    await phone.context.close()
  })

  it('a note above the limit is refused in words, and is still there', async () => {
    const { page } = tom
    const { id } = await recorded(tom, program, { text: 'It leaks.' })
    await tom.open(`/complaints/${id}?view=all`)
    await page.getByRole('button', { name: /^Internal note(?!s)/ }).click()
    const box = page.getByRole('textbox', { name: 'Text of the internal note' })
    await box.fill('y'.repeat(100_001))
    await page.getByRole('button', { name: /^Save internal note/ }).click()
    await seen(page.locator('.composer').getByText(/100,?000/))
    expect((await box.inputValue()).length).toBe(100_001)
    await box.fill('')
  })
})

describe('two at once', () => {
  const assess = async () => {
    const { id } = await recorded(tom, program, { text: 'The lamp flickers.' })
    await tom.open(`/complaints/${id}?view=all`)
    await seen(timeline(tom.page))
    return { id, dialog: await act(tom.page, 'Assess') }
  }
  const assessed = (id: string, title: string) =>
    commanded(mei, program, id, 'assessment', { impact: 4, likelihood: 2, flags: [], title })
  const stands = async (id: string) => {
    const reply = await tom.context.request.get(`${program.base}/api/v1/complaints/${id}`)
    const { complaint } = (await reply.json()) as { complaint: { title: string; impact: number; likelihood: number } }
    return { title: complaint.title, impact: complaint.impact, likelihood: complaint.likelihood }
  }

  it('the second is refused with what changed where the news did not come in time; one press drops one’s own', async () => {
    const { id, dialog } = await assess()
    await dialog.getByLabel('Title', { exact: true }).fill('Lamp of Tom')
    await dialog.getByLabel('Impact').selectOption('2')
    await dialog.getByLabel('Likelihood').selectOption('5')
    // No news reaches the open page: neither the stream nor a question of its own.
    await tom.page.route(`**/api/v1/complaints/${id}`, (route) => route.abort())
    await assessed(id, 'Lamp of Mei')
    const refused = tom.page.waitForResponse((r) => r.status() === 409)
    await dialog.getByRole('button', { name: 'Assess' }).click()
    expect(await (await refused).json()).toMatchObject({
      code: 'complaints.stale',
      facts: { changes: [{ type: 'assessed', by: '林美琳' }] },
    })
    await tom.page.unroute(`**/api/v1/complaints/${id}`)
    await seen(dialog.getByText(/changed since you opened it/))
    await dialog.getByRole('button', { name: 'Drop mine' }).click()
    await gone(dialog)
    expect(await stands(id)).toEqual({ title: 'Lamp of Mei', impact: 4, likelihood: 2 })
  })

  it('without a connection a form keeps what was typed and says so; closed by mistake it is there again', async () => {
    const { id } = await recorded(tom, program, { text: 'Where is the parcel?' })
    const { page } = tom
    await tom.open(`/complaints/${id}?view=all`)
    await seen(timeline(page))
    const dialog = await act(page, 'Add a point')
    const field = dialog.getByRole('textbox')
    await field.fill('And nobody called back.')
    await tom.context.setOffline(true)
    await dialog.getByRole('button', { name: 'Add a point' }).click()
    await seen(dialog.getByText('The server cannot be reached. Nothing is lost: try again'))
    expect(await field.inputValue()).toBe('And nobody called back.')
    await page.keyboard.press('Escape')
    await gone(dialog)
    await tom.context.setOffline(false)
    await page.reload()
    await seen(timeline(page))
    const again = await act(page, 'Add a point')
    await seen(again.getByText('What you had typed here is back.'))
    expect(await again.getByRole('textbox').inputValue()).toBe('And nobody called back.')
    await again.getByRole('button', { name: 'Add a point' }).click()
    await gone(again)
    await seen(page.getByRole('region', { name: 'Points' }).getByText('And nobody called back.'))
  })
})

describe('the program starts again', () => {
  it('200 streams come back at once and go on where they were: nothing is loaded anew, connections stay few', async () => {
    const people = ['tom', 'priya', 'callum', 'meilin', 'jiahao', 'yating', 'limin', 'zhanglei']
    const cookies: string[] = []
    for (const name of people) {
      const reply = await fetch(`${program.base}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({ mail: `${name}@harbour.example`, password: demoPassword }),
      })
      expect(reply.status, name).toBe(200)
      cookies.push((reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '')
    }
    await tom.open('/complaints?view=all')
    await seen(tom.page.locator('.rows [data-row]'))
    const streams = Array.from({ length: 200 }, (_, n) => followLive(program.base, cookies[n % people.length] ?? ''))
    const open = (times: number) => streams.filter((s) => s.connections() >= times).length
    await expect.poll(() => open(1), { timeout: 40_000 }).toBe(200)
    await expect.poll(() => streams.filter((s) => !s.placed()).length, { timeout: 40_000 }).toBe(0)
    const lists = requestsOf(tom.page, '/api/v1/complaints?')
    const db = new pg.Client({ connectionString: program.databaseUrl })
    await db.connect()
    const connections: number[] = []
    await program.stop()
    await program.start()
    const began = performance.now()
    await expect
      .poll(
        async () => {
          const { rows } = await db.query<{ n: number }>(
            "select count(*)::int as n from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()",
          )
          connections.push(rows[0]?.n ?? 0)
          return open(2)
        },
        { timeout: 40_000, interval: 50 },
      )
      .toBe(200)
    const took = performance.now() - began
    const { number, id } = await recorded(tom, program, { text: 'After the start.' })
    await expect
      .poll(() => streams.filter((s, n) => n % people.length === 0 && !s.told.includes(id)).length, { timeout: 40_000 })
      .toBe(0)
    await db.end()
    process.stdout.write(
      `200 streams: back ${took.toFixed(0)} ms after the start, at most ${Math.max(...connections)} connections\n`,
    )
    expect(Math.max(...connections)).toBeLessThan(40)
    expect(streams.filter((s) => s.reloads() > 0).length).toBe(0)
    await seen(tom.page.getByRole('button', { name: /^1 new/ }).or(tom.page.getByText(number)))
    expect(lists).toEqual([])
    for (const stream of streams) stream.close()
  }, 120_000)
})

describe('by keyboard alone (T6, T8)', () => {
  const isFocused = async (place: Locator) => (await place.and(place.page().locator(':focus')).count()) > 0
  let keys = 0
  const press = async (page: Page, key: string) => {
    keys += 1
    await page.keyboard.press(key)
  }
  /** Goes on by Tab until the focus is there: found by role and name, as somebody who hears the page finds it. */
  const tabTo = async (place: Locator, back = false) => {
    for (let n = 0; n < 90; n++) {
      if (await isFocused(place)) return
      await press(place.page(), back ? 'Shift+Tab' : 'Tab')
    }
    throw new Error(`not reached by Tab: ${place}`)
  }

  it('a complaint is triaged, understood, answered and closed; axe finds nothing serious on the way', async () => {
    const { page } = tom
    const { id } = await recorded(tom, program, { text: 'The lid cracked.', channel: 'fax' })
    await tom.open('/complaints?view=unassigned&channel=fax')
    await seen(page.locator('.rows [data-row]'))
    await page.waitForLoadState('networkidle')
    keys = 0
    for (const key of ['j', 't', '3', '1']) await press(page, key)
    await expect.poll(() => page.getByRole('dialog').count(), patient).toBe(0)
    await press(page, 'Enter')
    await page.waitForURL(`**/complaints/${id}*`)
    const why = page.getByRole('button', { name: 'Why this time?' })
    await seen(why)
    await tabTo(why)
    await press(page, 'Enter')
    await seen(page.getByRole('dialog'))
    expect(await findings(page, 'why')).toEqual([])
    await press(page, 'Escape')
    await gone(page.getByRole('dialog'))
    await press(page, 'r')
    const reply = page.getByRole('textbox', { name: 'Reply to the complainant' })
    await expect.poll(() => isFocused(reply), patient).toBe(true)
    await page.keyboard.type('A new lid is on its way.')
    const decides = page.getByRole('checkbox', { name: /This is our answer/ })
    await tabTo(decides)
    await press(page, 'Space')
    const outcome = page.locator('.composer').getByRole('combobox', { name: 'Outcome' })
    await seen(outcome)
    await tabTo(outcome)
    await press(page, 'ArrowDown')
    await tabTo(page.getByRole('combobox', { name: 'Finding on point 1' }))
    await press(page, 'ArrowDown')
    expect(await findings(page, 'answer')).toEqual([])
    await tabTo(page.getByRole('button', { name: 'Record what was told' }))
    await press(page, 'Enter')
    await gone(reply)
    const more = page.getByRole('button', { name: 'More actions' })
    await seen(more)
    await tabTo(more)
    await press(page, 'Enter')
    const close = page.getByRole('menuitem', { name: 'Close', exact: true })
    await seen(close)
    await tabTo(close)
    await press(page, 'Enter')
    const dialog = page.getByRole('dialog')
    await seen(dialog)
    await tabTo(dialog.getByRole('combobox', { name: /Closing reason/ }))
    await press(page, 'ArrowDown')
    await press(page, 'ArrowDown')
    await tabTo(dialog.getByRole('textbox', { name: /Written outcome/ }))
    await page.keyboard.type('Lid replaced.')
    expect(await findings(page, 'close')).toEqual([])
    await tabTo(dialog.getByRole('button', { name: 'Close', exact: true }).last())
    await press(page, 'Enter')
    await gone(dialog)
    process.stdout.write(`T8: ${keys} keys beside the words, triage to close\n`)
    expect(keys).toBeLessThan(250)
  })
})

describe('on a phone (T4)', () => {
  it.each([true, false])(
    'a complaint is filed in two minutes by keys and names alone, scripts: %s',
    async (scripts) => {
      const context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        locale: 'en-GB',
        javaScriptEnabled: scripts,
      })
      const page = await context.newPage()
      let taps = 0
      let typed = 0
      let pages = 0
      page.on('load', () => (pages += 1))
      const press = async (name: string) => {
        taps += 1
        const place = page
          .getByRole('button', { name, exact: true })
          .or(page.getByRole('link', { name, exact: true }))
          .first()
        await place.focus()
        await page.keyboard.press('Enter')
      }
      const type = async (place: Locator, text: string) => {
        taps += 1
        typed += text.length
        await place.fill(text)
      }
      await page.goto(`${program.base}/p/harbour/?lang=en`)
      await press('Start')
      await type(
        page.getByRole('textbox').first(),
        'The air fryer broke and burnt my hand. The shop does not take it back.',
      )
      await press('Continue')
      await press('Continue')
      await press('Continue')
      await press('Continue')
      await page.getByLabel('With my name').press('Space')
      taps += 1
      await type(page.getByLabel('Name', { exact: true }), 'Zhou')
      await type(page.getByLabel('Telephone'), '0922333444')
      if (scripts) expect(await findings(page, 'portal')).toEqual([])
      await press('Continue')
      await press('Send')
      await page
        .getByText(/R-20\d\d-\d{6}/)
        .first()
        .waitFor(patient)
      // A thumb types three characters a second, needs a second a tap and two to read each page.
      const seconds = typed / 3 + taps + pages * 2
      process.stdout.write(`T4: ${taps} taps, ${typed} characters, ${pages} pages: ${seconds.toFixed(0)} s\n`)
      expect(seconds).toBeLessThan(120)
      await context.close()
    },
  )
})
