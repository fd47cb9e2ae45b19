import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { findings } from './axe.ts'
import { startDemo } from './demo.ts'
import { gone, seen, signedIn } from './desk.ts'
import type { Program } from './program.ts'

// Whoever comes with a history: a spreadsheet of the old system, in the letters of its time, on the screen alone.

vi.setConfig({ testTimeout: 120_000 })

const admin = 'zhiming@harbour.example'
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

const rows = Array.from({ length: 60 }, (_, i) => {
  const day = String(1 + (i % 28)).padStart(2, '0')
  const state = i % 10 === 0 ? '歸檔' : '已結案'
  return `K-${i},113/03/${i === 7 ? '45' : day},113/04/${day},${state},門市服務態度不佳 ${i},"結帳時等候很久，服務人員態度冷淡。",陳小姐,guest${i}@mail.example,櫃檯態度`
})
const big5 = iconv.encode(
  ['客訴紀錄表（113 年度）,,,,,,,,', '案號,受理日期,結案日期,狀態,主旨,內容,客戶姓名,信箱,類型', ...rows].join('\r\n'),
  'big5',
)
const look = process.env.REDRESS_PICTURES

it('a Big5 spreadsheet with years of the republic is understood, tried, given meaning and brought in', async () => {
  const { context, page, open } = await signedIn(browser, program, admin, {
    language: look ? 'zh-Hant' : 'en',
    ...(look === 'phone' ? { viewport: { width: 390, height: 844 } } : {}),
    ...(look === 'dark' ? { colorScheme: 'dark' as const } : {}),
  })
  const picture = (name: string) =>
    look ? page.screenshot({ path: join(tmpdir(), `redress-import-${look}-${name}.png`), fullPage: true }) : undefined
  const say = (en: string, hant: string) => (look ? hant : en)
  await open('/settings/import')
  await seen(page.getByText(say('Choose a file, or drop it here', '選擇檔案，或拖曳到這裡')))
  await picture('1')
  await page.locator('input[type=file]').setInputFiles({ name: '客訴歷史.csv', mimeType: 'text/csv', buffer: big5 })
  const encoding = page.getByLabel(say('Encoding', '文字編碼'), { exact: true })
  await seen(encoding)
  expect(await encoding.inputValue()).toBe('big5')
  expect(await page.getByRole('combobox', { name: say('Received', '受理日期'), exact: true }).inputValue()).toBe(
    '受理日期',
  )
  expect(await page.getByLabel(say('How Received is written', '受理日期的寫法')).inputValue()).toBe('rrr/MM/dd')
  // One date is none, and one state means nothing yet: its rows cannot be taken until somebody says what it is.
  const trial = page.getByRole('region', { name: say('What would come in', '試算') })
  await seen(trial.getByText(say('not a date in this format', '讀不出日期')))
  await picture('2')
  expect(await findings(page, '/settings/import')).toEqual([])
  // A column that nobody took is dragged to what it means, by mouse.
  const order = page.getByRole('combobox', { name: say('Order number', '訂單編號'), exact: true })
  await order.scrollIntoViewIfNeeded()
  await page.locator('.import-columns button', { hasText: '案號' }).hover()
  await page.mouse.down()
  // A browser tells of what is dragged over something when it has moved there once more.
  await order.hover()
  await order.hover()
  await page.mouse.up()
  await expect.poll(() => order.inputValue(), { timeout: 12_000 }).toBe('案號')
  await order.selectOption('')
  await page.getByLabel(say('Meaning of “歸檔”', '「歸檔」的意思')).selectOption('closed')
  // A type nobody here has is made one of ours.
  await page.getByRole('button', { name: say('Create this type', '新增這個類型') }).click()
  await gone(page.getByText('櫃檯態度', { exact: true }).and(page.locator('b')))
  const start = page.getByRole('button', { name: say('Import 59', '匯入 59 件'), exact: true })
  await seen(start)
  await expect.poll(() => start.isEnabled(), { timeout: 12_000 }).toBe(true)
  await picture('3')
  await start.click()
  await seen(page.getByText(say('Done', '完成'), { exact: true }))
  await picture('4')
  const bad = page.getByRole('link', { name: say('Rows that were not taken', '下載無法匯入的列') })
  const address = await bad.getAttribute('href')
  const text = await (await context.request.get(`${program.base}${address}`)).text()
  expect(text).toContain('"K-7","113/03/45"')
  expect(text).toContain('date-unreadable')
  await page.getByRole('button', { name: say('Save as a view for everybody', '存成大家都看得到的檢視') }).click()
  await seen(page.getByText(say('Everybody finds them under the view', '大家可以在檢視')))
  // Mended, they come in alone, mapped as the others were.
  await page.getByRole('button', { name: say('Import another file', '匯入另一個檔案') }).click()
  const mended = Buffer.from(text.replaceAll('113/03/45', '113/03/05'))
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: '客訴歷史.bad.csv', mimeType: 'text/csv', buffer: mended })
  await seen(page.getByText(say('Mapped as “客訴歷史.csv” was', '欄位沿用「客訴歷史.csv」')))
  await seen(page.getByRole('button', { name: say('Import 1', '匯入 1 件'), exact: true }))
  expect(await findings(page, '/settings/import')).toEqual([])
  await context.close()
  // Whoever handles them finds them there, and sees where each comes from.
  const desk = await signedIn(browser, program, 'yating@harbour.example', { language: look ? 'zh-Hant' : 'en' })
  await desk.open('/complaints')
  await desk.page.getByRole('link', { name: /客訴歷史/ }).click()
  await seen(desk.page.getByText(say('Import: 客訴歷史.csv', '匯入：客訴歷史.csv')))
  await desk.page.locator('.rows li').first().click()
  const origin = desk.page.getByRole('region', { name: say('Where it comes from', '來源') })
  await seen(origin.getByText('櫃檯態度'))
  expect(await findings(desk.page, '/complaints')).toEqual([])
  await desk.context.close()
})
