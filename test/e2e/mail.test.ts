import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import nodemailer from 'nodemailer'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { findings } from './axe.ts'
import { type Demo, startDemo } from './demo.ts'
import { seen, signedIn } from './desk.ts'

// A mailbox is connected, a mail is sent to it, and whoever answers it reads it: whole, as it was laid out, and unwatched.

vi.setConfig({ testTimeout: 90_000 })

let program: Demo
let browser: Browser
let pictures: Server
const asked: string[] = []
beforeAll(async () => {
  const opened = openBrowser()
  pictures = createServer((request, reply) => {
    asked.push(request.url ?? '')
    reply.setHeader('content-type', 'image/gif')
    reply.end(Buffer.from('R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=', 'base64'))
  })
  await new Promise<void>((ready) => pictures.listen(0, '127.0.0.1', ready))
  program = await startDemo({ REDRESS_MAIL_LISTEN: '127.0.0.1:0' })
  browser = await opened
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
  pictures?.close()
}, 60_000)

const admin = 'zhiming@harbour.example'
const lead = 'yating@harbour.example'
const shots = process.env.SHOTS
const wait = { timeout: 12_000 }

const words = 'The kettle trips the fuse every evening. Please refund it.'
const quoted =
  'On Mon, 2 Mar 2026 at 10:00, Service <care@own.example> wrote:\n\n> We have sent another one.\n> Please tell us whether it works.'

async function post(subject: string): Promise<void> {
  const port = Number(/mail\s+127\.0\.0\.1:(\d+)/.exec(program.printed())?.[1])
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true })
  const { port: at } = pictures.address() as AddressInfo
  await transport.sendMail({
    from: 'Mei Lin <mei@customer.example>',
    to: 'kettles@own.example',
    cc: 'aunt@customer.example',
    subject,
    text: `${words}\n\nMei\n\n${quoted}`,
    html: `<h2 style="color:#a00">Kettle</h2><p>${words}</p><img src="http://127.0.0.1:${at}/seen.gif" alt=""><script>top.location = 'about:blank'</script>`,
  })
  transport.close()
}

async function shot(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}

describe('mail that comes in', () => {
  it('to a mailbox added by keyboard shows there within seconds', async () => {
    const { context, page, open } = await signedIn(browser, program, admin)
    await open('/settings/mailboxes')
    await seen(page.getByRole('form', { name: 'Add a mailbox' }))
    await page.getByLabel('Address').focus()
    await page.keyboard.type('kettles@own.example')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Kettles')
    await page.keyboard.press('Enter')
    await seen(page.getByRole('listitem').getByText('kettles@own.example'))
    // What must be told elsewhere stands there at once: where to hand mail in, and what the name server says.
    await seen(page.getByText('Waiting for the first mail.'))
    await seen(page.getByText('_dmarc.own.example', { exact: true }))
    await seen(page.getByText('No mail server is set'))
    expect(await findings(page, 'mailboxes')).toEqual([])
    await post('Kettle trips the fuse')
    await seen(page.getByRole('listitem').filter({ hasText: 'kettles@own.example' }).getByText('a new complaint'))
    await seen(page.getByText('The first mail is here.'))
    await context.close()
  })

  it('is read at its complaint: genuine or not, whole, laid out in a frame that asks nobody for anything', async () => {
    const { context, page, open } = await signedIn(browser, program, lead)
    await open('/complaints?view=unassigned&channel=email')
    const row = page.locator('.rows [data-row]').filter({ hasText: 'Kettle trips the fuse' })
    await seen(row)
    await row.click()
    const mail = page.locator('.mail').first()
    await seen(mail.getByText('Subject: Kettle trips the fuse'))
    await seen(mail.getByText('Sender not confirmed'))
    await seen(page.getByText('Came in via E-mail and was recorded'))
    expect(await page.getByText('We have sent another one.').count()).toBe(0)
    await mail.getByRole('button', { name: 'Show all of the mail' }).press('Enter')
    await seen(mail.getByText('We have sent another one.'))
    await mail.getByRole('button', { name: 'Show its layout' }).press('Enter')
    const frame = mail.locator('iframe')
    await seen(mail.frameLocator('iframe').getByRole('heading', { name: 'Kettle' }))
    expect(await frame.getAttribute('sandbox')).toBe('allow-popups allow-popups-to-escape-sandbox')
    expect(await findings(page, 'message')).toEqual([])
    expect(asked).toEqual([])
    await mail.getByRole('button', { name: 'Load pictures from outside' }).press('Enter')
    await expect.poll(() => asked, wait).toEqual(['/seen.gif'])
    await context.close()
  })

  it.runIf(shots)('looks as these pictures show', async () => {
    const looks = [
      ['zh-Hant', 'light', { width: 1440, height: 900 }, 'wide'],
      ['en', 'dark', { width: 390, height: 844 }, 'phone'],
    ] as const
    for (const [language, colorScheme, viewport, name] of looks) {
      const settings = await signedIn(browser, program, admin, { language, viewport, colorScheme })
      await settings.open('/settings/mailboxes')
      await seen(settings.page.getByText('kettles@own.example'))
      await shot(settings.page, `mailboxes-${name}`)
      if (shots) await settings.page.screenshot({ path: `${shots}/mailboxes-${name}-full.png`, fullPage: true })
      await settings.context.close()
      const { context, page, open } = await signedIn(browser, program, lead, { language, viewport, colorScheme })
      await open('/complaints?view=unassigned&channel=email')
      await page.locator('.rows [data-row]').filter({ hasText: 'Kettle trips the fuse' }).click()
      await seen(page.locator('.mail-acts button'))
      await page.locator('.mail').first().scrollIntoViewIfNeeded()
      await shot(page, `mail-${name}`)
      await page.locator('.mail-acts button').nth(1).click()
      await seen(page.frameLocator('.mail-page').getByRole('heading'))
      await page.locator('.mail-page').scrollIntoViewIfNeeded()
      await shot(page, `mail-layout-${name}`)
      await page.locator('.mail-acts button').first().click()
      await seen(page.locator('.mail-whole'))
      await shot(page, `mail-whole-${name}`)
      await context.close()
    }
  })
})
