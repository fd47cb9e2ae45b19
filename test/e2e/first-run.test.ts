import { TOTP } from 'otpauth'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { qrOf } from '../../src/web/ui/qr.ts'
import { findings } from './axe.ts'
import { type Desk, gone, seen, signedIn } from './desk.ts'
import { type Program, startProgram } from './program.ts'

// A new installation without the demo, as its first administrator meets it.

vi.setConfig({ testTimeout: 60_000 })

const mail = 'shop@tea.example'
const password = 'a kettle on the hob 7'
let program: Program
let browser: Browser
let desk: Desk

beforeAll(async () => {
  program = await startProgram({}, ['--empty'])
  browser = await openBrowser()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
}, 60_000)

describe('the first administrator', () => {
  it('sets the organisation up with the printed token, and works on cases too unless they say no', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
    const page = await context.newPage()
    page.setDefaultTimeout(12_000)
    const open = async (path: string) => void (await page.goto(`${program.base}/desk${path}`))
    desk = { context, page, open }

    await open('/')
    await page.waitForURL('**/setup*')
    await seen(page.getByRole('heading', { name: 'Set up Redress' }))

    const token = /setup\?token=(\S+)/.exec(program.printed())?.[1] ?? ''
    await open(`/setup?token=${token}`)
    expect(await findings(page, 'setup')).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    await page.getByLabel('Name', { exact: false }).first().fill('茶舖 Tea Shop')
    await page.getByLabel('Name in addresses').fill('tea')
    await page.getByRole('textbox', { name: 'Name', exact: false }).last().fill('Mei')
    await page.getByLabel('E-mail').fill(mail)
    await page.getByRole('textbox', { name: 'Password' }).fill('short')
    await page.getByRole('button', { name: 'Create' }).click()
    await seen(page.getByRole('alert'))
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    expect(await page.getByRole('checkbox', { name: /team lead/ }).isChecked()).toBe(true)
    await page.getByRole('button', { name: 'Create' }).click()
    await seen(page.getByRole('link', { name: /^Mine/ }))
    // Folded under the list of complaints, for whoever has one.
    await seen(page.locator('.nav summary', { hasText: 'Settings' }))
    expect(await page.locator('.nav a[href$="/settings/staff"]').count()).toBe(1)
  })

  it('the address of the wizard no longer sets anything up', async () => {
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await page.goto(`${program.base}/desk/setup`)
    await page.waitForURL('**/sign-in*')
    await context.close()
  })

  it('records the first complaint of an empty organisation and sees it', async () => {
    await desk.page.getByRole('link', { name: /^New/ }).click()
    await desk.page.getByLabel('What was said').fill('The teapot leaked on my books.')
    await desk.page.getByRole('button', { name: 'Record', exact: true }).click()
    await seen(desk.page.getByText(/^R-20\d\d-\d{6}$/))
    await desk.page.getByRole('link', { name: 'Open it' }).click()
    await seen(desk.page.getByRole('article', { name: /Message from/ }))
  })
})

describe('the second factor', () => {
  let totp: TOTP
  let recovery = ''

  it('is turned on with the password and a first code, and gives recovery codes once', async () => {
    const { page } = desk
    await desk.open('/account')
    const section = page.getByRole('region', { name: 'Second factor' })
    await section.getByRole('textbox', { name: 'Current password' }).fill('not my password')
    await section.getByRole('button', { name: 'Turn on' }).click()
    await seen(section.getByRole('alert'))
    await section.getByRole('textbox', { name: 'Current password' }).fill(password)
    await section.getByRole('button', { name: 'Turn on' }).click()
    const secret = (
      await section.getByRole('group', { name: 'Authenticator secret' }).locator('code').innerText()
    ).replaceAll(/\s/g, '')
    totp = new TOTP({ secret })
    const drawn = section.getByRole('img', { name: 'Authenticator secret as a QR code' })
    await seen(drawn)
    const address = (await section.getByRole('link', { name: 'Open in an authenticator' }).getAttribute('href')) ?? ''
    expect(new URL(address).searchParams.get('secret')).toBe(secret)
    expect(await drawn.locator('path.dark').getAttribute('d')).toBe(qrOf(address).path)
    expect(await findings(page, 'second factor')).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    await section.getByRole('textbox', { name: 'Code' }).fill(totp.generate())
    await section.getByRole('button', { name: 'Confirm' }).click()
    const codes = section.getByRole('group', { name: 'Recovery codes' }).getByRole('listitem')
    await expect.poll(() => codes.count(), { timeout: 12_000 }).toBeGreaterThan(5)
    recovery = (await codes.first().innerText()).trim()
    await seen(section.getByText(/recovery codes left/))
  })

  it('is asked for at the next sign-in; a wrong code is refused in words, a recovery code is taken', async () => {
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    page.setDefaultTimeout(12_000)
    await page.goto(`${program.base}/desk/sign-in`)
    await page.getByLabel('E-mail').fill(mail)
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Code').fill('000000')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await seen(page.getByRole('alert'))
    await page.getByLabel('Code').fill(recovery)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await seen(page.getByRole('link', { name: /^Mine/ }))
    await context.close()
  })

  it('is turned off with the password', async () => {
    const section = desk.page.getByRole('region', { name: 'Second factor' })
    await desk.open('/account')
    await section.getByRole('textbox', { name: 'Current password' }).fill(password)
    await section.getByRole('button', { name: 'Turn off' }).click()
    await seen(section.getByRole('button', { name: 'Turn on' }))
  })
})

describe('sessions', () => {
  it('are listed, and one that is ended elsewhere is led to the sign-in page', async () => {
    const other = await signedIn(browser, program, mail, { password })
    await other.open('/account')
    const list = desk.page.getByRole('region', { name: 'Where you are signed in' })
    await desk.open('/account')
    await expect.poll(() => list.getByRole('row').count(), { timeout: 12_000 }).toBeGreaterThan(1)
    await list.getByRole('button', { name: 'Sign out everywhere else' }).click()
    await expect.poll(() => list.getByRole('row').count(), { timeout: 12_000 }).toBe(1)
    await seen(list.getByRole('row').filter({ hasText: 'Chrome · Linux' }).getByText('here'))
    // The stream may have led there already.
    await other.page.reload()
    await other.page.waitForURL('**/sign-in*')
    await other.context.close()
  })
})

describe('keys of other systems', () => {
  let key = ''
  const asKey = () =>
    fetch(`${program.base}/api/v1/complaints`, { headers: { authorization: `Bearer ${key}` } }).then((r) => r.status)

  it('are shown once, work, and stop working when revoked', async () => {
    const { page } = desk
    await desk.open('/settings/keys')
    await page.getByRole('textbox', { name: 'Name' }).fill('Order system')
    await seen(page.getByText('complaint.read', { exact: true }))
    expect(await page.getByRole('checkbox', { name: 'Own account' }).count()).toBe(0)
    await page.getByRole('checkbox', { name: 'Read complaints' }).check()
    await page.getByRole('button', { name: 'Make a key' }).click()
    key = (await page.getByRole('group', { name: 'The key' }).locator('code').innerText()).trim()
    expect(await asKey()).toBe(200)
    await page.reload()
    const row = page.getByRole('row').filter({ hasText: 'Order system' })
    await seen(row.getByText('Read complaints'))
    expect(await row.getByTitle('complaint.read').count()).toBe(1)
    expect(await page.getByText(key).count()).toBe(0)
    await page.getByRole('button', { name: 'Revoke Order system' }).click()
    await seen(page.getByText('revoked'))
    expect(await asKey()).toBe(401)
  })
})

describe('an administrator without a case role', () => {
  it('configures, and sees no case: not in the menu, not by address, not by the API', async () => {
    const { page } = desk
    await desk.open('/settings/staff')
    await page.getByRole('button', { name: 'Add a person' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('textbox', { name: 'Name' }).fill('Admin Only')
    await form.getByLabel('E-mail').fill('admin@tea.example')
    await form.getByRole('checkbox', { name: 'Administrator' }).check()
    await form.getByRole('button', { name: /Save|Add/ }).click()
    const first = (await form.getByRole('group', { name: 'Initial password' }).locator('code').innerText()).trim()
    await page.keyboard.press('Escape')
    await seen(page.getByRole('cell', { name: 'admin@tea.example' }))

    const all = await desk.context.request.get(`${program.base}/api/v1/complaints`)
    const [one] = ((await all.json()) as { items: { id: string }[] }).items
    const admin = await signedIn(browser, program, 'admin@tea.example', { password: first })
    await admin.open('/')
    await admin.page.waitForURL('**/settings/staff')
    await seen(admin.page.getByRole('link', { name: 'Roles and sight' }))
    await gone(admin.page.getByRole('link', { name: /^(Mine|All|Search)/ }))
    await admin.open(`/complaints/${one?.id}`)
    await seen(admin.page.getByText(/You cannot see this|not allowed/))
    expect(await admin.page.getByText('teapot').count()).toBe(0)
    expect((await admin.context.request.get(`${program.base}/api/v1/complaints/${one?.id}`)).status()).toBe(403)
    await admin.context.close()
  })
})
