import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { findings } from './axe.ts'
import { type Demo, startDemo } from './demo.ts'
import { type Desk, gone, recorded, requestsOf, seen, signedIn } from './desk.ts'

// The inbox by its keys (T3), its filters as text, its views, and how little of a long list stands in the page.

vi.setConfig({ testTimeout: 90_000 })

let program: Demo
let browser: Browser
let lead: Desk

beforeAll(async () => {
  const opened = openBrowser()
  program = await startDemo()
  browser = await opened
  lead = await signedIn(browser, program, 'yating@harbour.example')
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
}, 60_000)

const rows = (page: Page) => page.locator('.rows [data-row]')
const focused = (page: Page) => page.evaluate<string>("document.activeElement?.getAttribute('data-row') ?? ''")
const said = (page: Page) => page.locator('.bulk-said')
const wait = { timeout: 12_000 }

/** Single keys on or off, as the settings page keeps them. */
const keysOn = async ({ page, context }: Desk, on: boolean) => {
  const address = `${program.base}/api/v1/me/preferences`
  await context.request.patch(address, {
    data: { keys: { on, map: {} } },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  await page.reload()
  await seen(rows(page))
}

describe('T3: triage', () => {
  it('takes at most three keys a complaint, twenty in a row, without a mouse', async () => {
    for (let n = 0; n < 20; n++) await recorded(lead, program, { text: `Triage ${n}: the lid leaks.`, channel: 'fax' })
    const { page } = lead
    const commands = requestsOf(page, '/complaints/bulk')
    await lead.open('/complaints?view=unassigned&channel=fax')
    await seen(rows(page))
    await page.waitForLoadState('networkidle')
    await page.keyboard.press('j')
    await expect.poll(() => focused(page), wait).not.toBe('')
    let keys = 0
    const seenRows = new Set<string>()
    for (let n = 0; n < 20; n++) {
      const row = await focused(page)
      seenRows.add(row)
      for (const key of ['t', '3', '1']) {
        await page.keyboard.press(key)
        keys += 1
      }
      if (n < 19) await expect.poll(() => focused(page), wait).not.toBe(row)
    }
    expect(keys / 20).toBeLessThanOrEqual(3)
    expect(seenRows.size).toBe(20)
    await expect.poll(() => commands.length, wait).toBe(40)
    await expect
      .poll(async () => {
        const found = await lead.context.request.get(
          `${program.base}/api/v1/complaints/count?channel=fax&view=mine&severity=high`,
        )
        return ((await found.json()) as { count: number }).count
      }, wait)
      .toBe(20)
  })

  it('by type takes two keys, and Z takes it back', async () => {
    const { page } = lead
    const { id } = await recorded(lead, program, { text: 'What is this about?', channel: 'fax' })
    await lead.open('/complaints?view=unassigned&channel=fax')
    await seen(rows(page))
    await page.waitForLoadState('networkidle')
    await page.keyboard.press('j')
    await page.keyboard.press('#')
    await page.keyboard.press('1')
    await seen(said(page).getByText('1 done'))
    const type = async () => {
      const reply = await lead.context.request.get(`${program.base}/api/v1/complaints/${id}`)
      return ((await reply.json()) as { complaint: { typeCode: string | null } }).complaint.typeCode
    }
    expect(await type()).not.toBeNull()
    await page.keyboard.press('z')
    await seen(said(page).getByText('1 taken back'))
    expect(await type()).toBeNull()
  })

  it('is silent while somebody types or composes, and when the keys are off', async () => {
    const { page } = lead
    await lead.open('/complaints?view=all')
    await seen(rows(page))
    const cdp = await page.context().newCDPSession(page)
    const key = { key: 't', code: 'KeyT', windowsVirtualKeyCode: 229 }
    await page.keyboard.press('j')
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key })
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key })
    expect(await page.getByRole('dialog').count()).toBe(0)
    await keysOn(lead, false)
    await page.keyboard.press('t')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await keysOn(lead, true)
    await page.keyboard.press('s')
    await seen(page.getByRole('dialog'))
    expect(await findings(page, 'picker')).toEqual([])
    await page.keyboard.press('Escape')
    await gone(page.getByRole('dialog'))
    await expect.poll(() => focused(page), wait).not.toBe('')
  })
})

describe('the focus', () => {
  it('moves apart from the open complaint, opens with Enter, and stays where it was after a refresh', async () => {
    const { page } = lead
    await lead.open('/complaints?view=all')
    await seen(rows(page))
    for (let n = 0; n < 4; n++) await page.keyboard.press('j')
    const fourth = await focused(page)
    expect(page.url()).not.toContain(fourth)
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/complaints/${fourth}*`)
    await page.reload()
    await seen(page.locator('.rows .row.at'))
    expect(await page.locator('.rows .row.at').getAttribute('data-row')).toBe(fourth)
  })
})

describe('many at once', () => {
  it('are selected by key, by range and all, get an owner, and are given back', async () => {
    const { page } = lead
    await lead.open('/complaints?view=all&channel=fax')
    await seen(rows(page))
    await page.waitForLoadState('networkidle')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await rows(page)
      .nth(3)
      .click({ modifiers: ['Shift'] })
    const bar = page.getByRole('toolbar')
    await seen(bar.getByText('4 selected'))
    expect(await findings(page, 'selection')).toEqual([])
    await page.keyboard.press('Control+a')
    await seen(bar.getByText('21 selected'))
    await page.keyboard.press('a')
    const pick = page.getByRole('dialog')
    await pick.getByRole('combobox').fill('Priya')
    await page.keyboard.press('Enter')
    await seen(said(page).getByText(/done/))
    await seen(page.locator('.rows').getByText('Priya Nair'))
    await page.getByRole('button', { name: /^Undo/ }).click()
    await seen(said(page).getByText(/taken back/))
    await gone(page.locator('.rows').getByText('Priya Nair'))
  })
})

describe('filters as text', () => {
  it('and as chips say the same, in any of the three languages; what is not understood is told and kept', async () => {
    const { page } = lead
    await lead.open('/complaints?view=all')
    await seen(rows(page))
    await page.getByRole('button', { name: 'As text' }).click()
    const line = page.getByRole('textbox', { name: 'Filters as text' })
    await line.fill('負責:我 severity:high 水壺')
    await page.keyboard.press('Enter')
    await page.waitForURL(/ownerId=.*severity=high/)
    await seen(page.getByRole('link', { name: 'Remove filter: Severity' }))
    await seen(page.getByText('“水壺” is no filter'))
    await page.getByRole('link', { name: 'Remove filter: Severity' }).click()
    await expect.poll(() => line.inputValue(), wait).toBe('owner:me 水壺')
    await line.fill('overdue')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url(), wait).toMatch(/due=overdue/)
    await gone(page.getByText('is no filter'))
  })

  it('are kept as a view with its count, renamed, removed and taken back', async () => {
    const { page } = lead
    await lead.open('/complaints?view=mine&channel=fax')
    await seen(rows(page))
    await page.getByRole('button', { name: 'Save as view' }).click()
    await page.getByRole('textbox', { name: 'Name of the view' }).fill('My faxes')
    await page.keyboard.press('Enter')
    const nav = page.getByRole('navigation')
    const link = nav.getByRole('link', { name: /^My faxes/ })
    await seen(link.getByText('20'))
    expect(await findings(page, 'saved views')).toEqual([])
    await nav.getByRole('button', { name: 'Actions for My faxes' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await gone(link)
    await nav.getByRole('button', { name: 'Undo' }).click()
    await seen(link)
  })
})

describe('a long list', () => {
  it('of some thousand complaints keeps less than 1,500 nodes in the page, also far down, and new ones move nothing', async () => {
    await fill(5_000)
    const { page } = lead
    await lead.open('/complaints?view=all&channel=sms')
    await seen(rows(page))
    const nodes = () => page.evaluate<number>("document.querySelectorAll('*').length")
    let most = await nodes()
    const box = page.locator('.rows')
    await expect
      .poll(
        async () => {
          await box.evaluate((e) => e.scrollTo({ top: e.scrollHeight }))
          most = Math.max(most, await nodes())
          return box.evaluate((e) => e.scrollHeight)
        },
        { timeout: 60_000, interval: 30 },
      )
      .toBeGreaterThanOrEqual(5_000 * 82)
    expect(most).toBeLessThan(1_500)
    // Far pages were emptied; coming back fills them again.
    await box.evaluate((e) => e.scrollTo({ top: 0 }))
    await seen(page.locator('.rows .row .t').first())
    await gone(page.locator('.rows .row.thin'))
    await rows(page).nth(2).focus()
    const row = await focused(page)
    const top = () => page.locator(`[data-row="${row}"]`).evaluate((e) => e.getBoundingClientRect().top)
    const before = await top()
    await recorded(lead, program, { text: 'New one.', channel: 'sms' })
    await seen(page.getByRole('button', { name: /^1 new/ }))
    expect(await top()).toBe(before)
    expect(await focused(page)).toBe(row)
  })
})

/** So many copies of one complaint, as the list reads them. */
async function fill(count: number): Promise<void> {
  const { id } = await recorded(lead, program, { text: 'The cup is chipped.', channel: 'sms' })
  const db = new pg.Client(program.databaseUrl)
  await db.connect()
  try {
    const columns = async (table: string, without: string[]) => {
      const { rows: found } = await db.query<{ name: string }>(
        `select quote_ident(attname::text) as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and not attname = any ($2)`,
        [table, without],
      )
      return found.map((r) => r.name).join(', ')
    }
    const ids = `select ('01950000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id, n from generate_series(1, ${count - 1}) n`
    const complaint = await columns('complaint', ['id', 'number', 'public_ref', 'next_due_at'])
    await db.query(
      `insert into complaint (id, number, public_ref, next_due_at, ${complaint}) select x.id, 'F-' || x.n, 'F' || x.n, c.next_due_at + x.n * interval '1 minute', ${complaint
        .split(', ')
        .map((name) => `c.${name}`)
        .join(', ')} from (${ids}) x, complaint c where c.id = $1`,
      [id],
    )
    const text = await columns('complaint_text', ['complaint_id'])
    await db.query(
      `insert into complaint_text (complaint_id, ${text}) select x.id, ${text
        .split(', ')
        .map((name) => `t.${name}`)
        .join(', ')} from (${ids}) x, complaint_text t where t.complaint_id = $1`,
      [id],
    )
  } finally {
    await db.end()
  }
}
