import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { type Peer, startPeer } from '../../src/kit/testing/smtp-peer.ts'
import { findings } from './axe.ts'
import { startDemo } from './demo.ts'
import { seen, signedIn } from './desk.ts'
import type { Program } from './program.ts'

// What mails say: changed, looked at in three languages, and sent to oneself through the real worker and a real mail server.

vi.setConfig({ testTimeout: 120_000 })

let program: Program
let browser: Browser
let peer: Peer
let refuses = false
beforeAll(async () => {
  peer = await startPeer({
    onRcptTo: (_address, _session, done) =>
      done(refuses ? Object.assign(new Error('5.7.1 Relaying denied'), { responseCode: 550 }) : null),
  })
  const opened = openBrowser()
  program = await startDemo({ SMTP_URL: peer.url })
  browser = await opened
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
  await peer?.stop()
}, 60_000)

const admin = 'zhiming@harbour.example'
const shots = process.env.SHOTS

it('an administrator words the acknowledgement, sees it, and sends it to themselves', async () => {
  const { context, page, open } = await signedIn(browser, program, admin)
  await open('/settings/mail-templates')
  const mail = page.frameLocator('iframe')
  await page.getByLabel('Language').selectOption('en')
  await seen(mail.getByText('We have received your mail.'))
  const words = page.getByLabel('Words')
  await words.fill('Thank you for {{number}}. {{constructor}}')
  await seen(page.getByText('These names in braces mean nothing here: constructor'))
  await words.fill('Thank you. It is **{{number}}**, about <b>{{title}}</b>.')
  await seen(mail.getByText('It is R-2026-000123, about <b>Kettle'))
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await seen(page.getByText('The template is saved.'))
  expect(await findings(page, 'mail templates')).toEqual([])

  await page.getByRole('button', { name: 'Send me a test' }).click()
  await seen(page.getByText(`The mail server took the test for ${admin}`))
  const [got] = peer.got
  expect(got).toMatchObject({ from: '', to: [admin] })
  expect(got?.header('Auto-Submitted')).toBe('auto-generated')
  const html = got?.raw.replaceAll('=\r\n', '')
  expect(html).toContain('It is <strong>R-2026-000123</strong>, about &lt;b&gt;Kettle')
  refuses = true
  await page.getByRole('button', { name: 'Send me a test' }).click()
  await seen(page.getByText('Relaying denied'))

  await page.getByRole('button', { name: 'Back to the standard words' }).click()
  await seen(mail.getByText('We have received your mail.'))
  await context.close()
})

it.runIf(shots)('as it looks', async () => {
  const looks = [
    ['zh-Hant', 'light', 1440],
    ['en', 'dark', 1440],
    ['zh-Hans', 'light', 390],
  ] as const
  for (const [language, colorScheme, width] of looks) {
    const { context, page, open } = await signedIn(browser, program, admin, {
      language,
      colorScheme,
      viewport: { width, height: 900 },
    })
    await open('/settings/mail-templates')
    await page.frameLocator('iframe').locator('body').waitFor()
    await page.screenshot({ path: `${shots}/templates-${language}.png` })
    await open('/settings/mailboxes')
    await page.locator('.mailbox-form').waitFor()
    await page.screenshot({ path: `${shots}/mailboxes-${language}.png` })
    await context.close()
  }
})
