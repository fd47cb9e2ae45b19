import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { findings } from './axe.ts'
import { startDemo } from './demo.ts'
import { recorded, seen, signedIn } from './desk.ts'
import type { Program } from './program.ts'

// What an administrator keeps: lists and the routing table, by keyboard, taken back in one press; and why a complaint is where it is.

vi.setConfig({ testTimeout: 120_000 })

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

const admin = 'zhiming@harbour.example'
const lead = 'yating@harbour.example'
const shots = process.env.SHOTS

describe('settings', () => {
  it('a type is added by keyboard, put into the archive, and taken out again by undo', async () => {
    const { context, page, open } = await signedIn(browser, program, admin)
    await open('/settings/types')
    await seen(page.locator('.settings-list li'))
    await page.getByRole('button', { name: 'Add', exact: true }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await seen(dialog.getByLabel('Code'))
    await page.keyboard.type('R1')
    for (const name of ['保固爭議', '保修争议', 'Warranty dispute']) {
      await page.keyboard.press('Tab')
      await page.keyboard.type(name)
    }
    await page.keyboard.press('Enter')
    await seen(dialog.getByText('The code R1 is taken'))
    await dialog.getByLabel('Code').fill('R99')
    await page.keyboard.press('Enter')
    await seen(page.getByRole('status').getByText('Warranty dispute was added.'))
    await page.getByLabel('Find by name or code').fill('保固')
    await page.getByRole('button', { name: 'Edit Warranty dispute' }).press('Enter')
    await page.getByRole('button', { name: 'Put in the archive' }).press('Enter')
    await seen(page.locator('.settings-list .archived'))
    await page.getByRole('button', { name: 'Undo' }).press('Enter')
    await expect.poll(() => page.locator('.settings-list .archived').count()).toBe(0)
    await context.close()
  })

  it('a line sends complaints to its team, whose mode gives them to somebody, and the complaint says why', async () => {
    const { context, page, open } = await signedIn(browser, program, admin)
    await open('/settings/routing')
    await seen(page.getByRole('heading', { name: 'Routing table' }))
    const team = 'Shanghai Complaints'
    const form = page.getByRole('form', { name: 'Add a line' })
    await form.getByRole('button').press('Enter')
    await form.getByLabel('Type').selectOption('R99')
    await form.getByLabel('Team').selectOption({ label: team })
    await form.getByRole('button', { name: 'Add a line' }).press('Enter')
    await seen(page.getByRole('cell', { name: 'Warranty dispute' }))
    await page.getByLabel(`How ${team} shares out`).selectOption('fewest_open')
    await seen(page.getByRole('status').getByText(`${team} shares out another way now`))
    await page.getByRole('button', { name: 'Try the last 100' }).press('Enter')
    await seen(page.getByRole('columnheader', { name: 'By this table' }))
    if (shots) await page.screenshot({ path: `${shots}/routing-en.png`, fullPage: true })
    await context.close()

    const desk = await signedIn(browser, program, lead)
    const { id } = await recorded(desk, program, { typeCode: 'R99' })
    await desk.open(`/complaints/${id}`)
    await desk.page.getByRole('button', { name: 'Why here?' }).press('Enter')
    const why = desk.page.getByRole('dialog', { name: 'Why here?' })
    await seen(why.getByText('by type'))
    await seen(why.getByText('Present then, with how many open'))
    expect(await why.innerText()).toContain(team)
    if (shots) await desk.page.screenshot({ path: `${shots}/why.png` })
    await desk.context.close()
  })

  it.each([
    ['zh-Hant', 'light', 1440],
    ['en', 'dark', 390],
  ] as const)('have no serious finding in %s, %s, %d px wide', async (language, colorScheme, width) => {
    const options = { language, colorScheme, viewport: { width, height: 844 } }
    const { context, page, open } = await signedIn(browser, program, admin, options)
    for (const path of ['products', 'places', 'types', 'calendars', 'routing']) {
      await open(`/settings/${path}`)
      await seen(page.locator('.settings-list li, main .table td, main details'))
      await page.emulateMedia({ colorScheme })
      if (shots) await page.screenshot({ path: `${shots}/${path}-${language}.png` })
      expect(await findings(page, path)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    }
    await context.close()
  })
})
