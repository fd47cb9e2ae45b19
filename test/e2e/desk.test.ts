import { SMTPServer } from 'smtp-server'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import pg from 'pg'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { act, commanded, type Desk, gone, recorded, requestsOf, seen, signedIn } from './desk.ts'
import { type Demo, startDemo } from './demo.ts'

// The rooms of the desk, each driven as its people use it, in the demo organisation.

vi.setConfig({ testTimeout: 60_000 })

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const photo = { name: '水壺.png', mimeType: 'image/png', buffer: picture }
const paper = { name: 'receipt.txt', mimeType: 'text/plain', buffer: Buffer.from('Receipt 4711') }

let program: Demo
let browser: Browser
let tom: Desk
let postman: SMTPServer
let refuses = true

beforeAll(async () => {
  const opened = openBrowser()
  postman = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_to, _session, done) =>
      done(refuses ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null),
    onData: (stream, _session, done) => void stream.resume().on('end', () => done()),
  })
  await new Promise<void>((ready) => void postman.listen(0, '127.0.0.1', () => ready()))
  const address = postman.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  program = await startDemo({ REDRESS_UNDO_SECONDS: '3', SMTP_URL: `smtp://127.0.0.1:${port}` })
  browser = await opened
  tom = await signedIn(browser, program, 'tom@harbour.example')
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
  await new Promise<void>((done) => void postman?.close(() => done()))
}, 60_000)

const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline' })
const composer = (page: Page) => page.getByRole('region', { name: 'Write' })
const context = (page: Page) => page.getByRole('complementary', { name: 'Context' })

describe('files', () => {
  it('go along with a new complaint, and are downloads afterwards', async () => {
    const { page } = tom
    await tom.open('/new')
    await page.getByLabel('What was said').fill('The kettle arrived broken, see the picture.')
    await page.locator('input[type=file]').setInputFiles([photo, paper])
    const list = page.getByRole('listitem').filter({ hasText: 'receipt.txt' })
    await seen(list.filter({ hasText: 'B' }))
    await page.getByRole('button', { name: 'Remove receipt.txt' }).click()
    await gone(list)
    await page.getByRole('textbox', { name: 'Name' }).fill('Ada Byron')
    await page.getByLabel('Telephone').fill('020 7946 0018')
    await page.getByRole('button', { name: 'Record', exact: true }).click()
    await page.getByRole('link', { name: 'Open it' }).click()
    const link = context(page).getByRole('link', { name: /水壺\.png/ })
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    expect(download.suggestedFilename()).toBe('水壺.png')
  })

  it('are added in the composer, and an empty one is refused in words', async () => {
    const { page } = tom
    await composer(page).getByRole('button', { name: 'Internal note' }).click()
    await composer(page)
      .locator('input[type=file]')
      .setInputFiles([paper, { name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) }])
    await seen(composer(page).getByText(/empty/))
    await page.getByRole('button', { name: 'Remove nothing.txt' }).click()
    await composer(page).getByRole('textbox', { name: 'Text of the internal note' }).fill('The receipt is enclosed.')
    await composer(page)
      .getByRole('button', { name: /Save internal note/ })
      .click()
    const note = timeline(page).getByRole('article', { name: /Internal note by Tom/ })
    await seen(note.getByRole('link', { name: /receipt\.txt/ }))
  })
})

describe('the form of an action', () => {
  it('takes a picture as proof that the remedy is done, and asks for words only without one', async () => {
    const { page } = tom
    const { id } = await recorded(tom, program, { text: 'The handle came off.' })
    const answer = { text: 'You are right.', told: 'phone', decision: true, outcomeCode: 'O1' }
    await commanded(tom, program, id, 'replies', answer)
    await commanded(tom, program, id, 'remedy', { remedyCode: 'A13' })
    await tom.open(`/complaints/${id}?view=all`)
    await seen(timeline(page))
    await page.getByRole('button', { name: 'Remedy carried out' }).first().click()
    const dialog = page.getByRole('dialog')
    const done = dialog.getByRole('button', { name: 'Remedy carried out' })
    await seen(dialog.getByText(/^Still missing: Evidence/))
    expect(await done.isDisabled()).toBe(true)
    await dialog.locator('input[type=file]').setInputFiles([photo])
    await gone(dialog.getByText(/^Still missing/))
    await done.click()
    await gone(dialog)
    await seen(timeline(page).getByRole('link', { name: /水壺\.png/ }))
  })

  it('proposes the way the complainant came where nothing we send reaches them, and asks only when it is they who are asked', async () => {
    const { page } = tom
    const { id } = await recorded(tom, program, { text: 'I write to you by post.', channel: 'letter' })
    await tom.open(`/complaints/${id}?view=all`)
    await seen(timeline(page))
    const received = await act(page, 'Acknowledge')
    const told = (dialog: Locator) => dialog.getByLabel('How it was told')
    await expect.poll(() => told(received).inputValue()).toBe('letter')
    await received.getByRole('button', { name: 'Acknowledge' }).click()
    await gone(received)
    const asked = await act(page, 'Ask for information')
    await asked.getByLabel('From whom').selectOption('internal')
    expect(await told(asked).count()).toBe(0)
    await asked.getByLabel('From whom').selectOption('customer')
    await expect.poll(() => told(asked).inputValue()).toBe('letter')
    await page.keyboard.press('Escape')
    await gone(asked)

    const written = await recorded(tom, program, {
      channel: 'letter',
      complainant: { name: 'Ida', mail: 'ida@mail.example' },
    })
    await tom.open(`/complaints/${written.id}?view=all`)
    await seen(timeline(page))
    const known = page.waitForResponse(/\/reach$/)
    const dialog = await act(page, 'Acknowledge')
    await known
    await expect.poll(() => told(dialog).locator('option').first().innerText()).toMatch(/^Sent by us/)
    expect(await told(dialog).inputValue()).toBe('')
    await page.keyboard.press('Escape')
    await gone(dialog)
  })
})

describe('the same matter twice', () => {
  const of = (order: string, text: string) => ({
    text,
    complainant: { name: 'Ada Byron', phone: '020 7946 0018' },
    orderNo: order,
  })

  it('is suggested and, when it is not the same, dismissed for good', async () => {
    const { page } = tom
    await recorded(tom, program, of('A-1', 'The toaster burns on one side.'))
    const second = await recorded(tom, program, of('A-1', 'The lamp flickers.'))
    await tom.open(`/complaints/${second.id}?view=all`)
    const boxes = context(page).getByRole('button', { name: 'Not the same' })
    await seen(boxes)
    const before = await boxes.count()
    await boxes.first().click()
    await expect.poll(() => boxes.count(), { timeout: 12_000 }).toBe(before - 1)
    await page.reload()
    await seen(context(page))
    expect(await boxes.count()).toBe(before - 1)
  })

  it('is merged only by a person, and points to where it went', async () => {
    const { page } = tom
    const first = await recorded(tom, program, of('B-1', 'The kettle trips the fuse.'))
    const again = await recorded(tom, program, of('B-1', 'The kettle trips the fuse, I wrote before.'))
    await tom.open(`/complaints/${again.id}?view=all`)
    await context(page)
      .getByRole('button', { name: `Same person: merge into ${first.number}` })
      .click()
    await seen(page.getByText(`Merged into ${first.number}`))
    await page
      .getByRole('link', { name: new RegExp(`${first.number}`) })
      .first()
      .click()
    await seen(timeline(page).getByText('I wrote before'))
  })
})

describe('the outbox', () => {
  const answer = async (page: Page, words: string, goes: string) => {
    await page.getByRole('button', { name: /^Reply to/ }).click()
    await page.getByLabel('Reply to the complainant').fill(words)
    const send = page.getByRole('button', { name: /Send reply|Record what was told/ })
    await expect.poll(() => send.isEnabled()).toBe(true)
    const told = page.getByLabel('How it is told')
    if ((await told.locator('option[value=portal]').count()) > 0) await told.selectOption('portal')
    await seen(composer(page).getByText(goes))
    await page.getByRole('button', { name: /Send reply/ }).click()
    const said = timeline(page).getByRole('article').filter({ hasText: words })
    await seen(said)
    return said
  }

  it('holds a reply for the undo time: taken back it never leaves, left alone it is sent, without a reload', async () => {
    const { page } = tom
    const { id } = await recorded(tom, program, { text: 'No spoon in the box.', mode: 'anonymous' })
    await tom.open(`/complaints/${id}?view=all`)
    const goes = 'No e-mail is sent: they gave no name. The reply stands on the tracking page only.'
    const first = await answer(page, 'A spoon is on its way.', goes)
    await first.getByRole('button', { name: 'Undo' }).click()
    await seen(first.getByText('Taken back; it was not sent'))
    const second = await answer(page, 'Two spoons are on their way.', goes)
    await seen(second.getByText(/Sending in \d s/))
    await seen(second.getByText(/^Sent/))
  })

  it('shows what failed with its reason, and sends it again on demand', async () => {
    const { page } = tom
    const { id, number } = await recorded(tom, program, {
      text: 'The lid does not fit.',
      complainant: { name: 'Grace', mail: 'grace@mail.example' },
    })
    await tom.open(`/complaints/${id}?view=all`)
    const goes = 'To grace@mail.example ・ from no-reply@localhost'
    const said = await answer(page, 'A new lid is on its way.', goes)
    await seen(said.getByText(/Could not be sent/))
    await tom.open('/outbox')
    const row = page.getByRole('row').filter({ hasText: number })
    await seen(row.getByText(/550/))
    refuses = false
    await row.getByRole('button', { name: 'Send again' }).click()
    await gone(row)
    await page.getByLabel('State').selectOption('sent')
    await seen(row.getByText(/^Sent/))
  })
})

describe('parked items', () => {
  it('show why they were not taken in, and are taken in by a retry', async () => {
    const admin = await signedIn(browser, program, 'yating@harbour.example')
    await admin.open('/parked')
    await seen(admin.page.getByText('Nothing is parked'))
    await park(1)
    await comeBack(admin.page)
    await seen(admin.page.getByRole('cell', { name: /not here any more|no longer|unknown|could not be read/i }))
    await admin.page.getByRole('button', { name: 'Try again' }).click()
    await seen(admin.page.getByText(/Taken in as R-/))
    await seen(admin.page.getByText('Nothing is parked'))
    await admin.context.close()
  })

  it('are all shown, page by page, and stay shown when somebody comes back to the page', async () => {
    const admin = await signedIn(browser, program, 'yating@harbour.example')
    await park(51)
    await admin.open('/parked')
    const retries = admin.page.getByRole('button', { name: 'Try again' })
    const shown = (count: number) => expect.poll(() => retries.count(), { timeout: 12_000 }).toBe(count)
    await shown(50)
    await admin.page.getByRole('button', { name: 'Show more' }).click()
    await shown(51)
    await gone(admin.page.getByRole('button', { name: 'Show more' }))
    await park(2)
    await comeBack(admin.page)
    await shown(53)
    await admin.context.close()
  })

  /** What a browser says when its window is looked at again. */
  const comeBack = (page: Page) => page.evaluate<boolean>("dispatchEvent(new Event('visibilitychange'))")

  /** No channel parks yet: a received item is put back as if its channel had, as often as asked. */
  async function park(times: number): Promise<void> {
    const client = new pg.Client({ connectionString: program.databaseUrl })
    await client.connect()
    await client.query(
      `insert into inbound_item (org_id, id, channel, external_id, received_at, logged_at, raw, sha256, state, attempts, reason)
       select org_id, gen_random_uuid(), channel, 'parked-' || gen_random_uuid(), date_trunc('milliseconds', now()), now(), raw,
         sha256, 'parked', 3, 'intake.unknown-reference'
       from (select * from inbound_item where state = 'recorded' order by logged_at desc limit 1) one, generate_series(1, $1)`,
      [times],
    )
    await client.end()
  }
})

describe('who sees what', () => {
  it('a complaint restricted by its lead leaves the lists of the others at once', async () => {
    const { id, number } = await recorded(tom, program, {
      text: 'About somebody in the team.',
      teamId: await ownTeam(),
    })
    const priya = await signedIn(browser, program, 'priya@harbour.example')
    await priya.open(`/complaints/${id}?view=all&sort=received`)
    await seen(timeline(priya.page))
    const row = priya.page.getByRole('list', { name: /^List of/ }).getByText(number)
    await seen(row)
    await tom.open(`/complaints/${id}?view=all`)
    const dialog = await act(tom.page, 'Restrict')
    await dialog.getByLabel('Confidentiality').selectOption('restricted')
    await dialog.getByRole('button', { name: 'Restrict' }).click()
    await seen(tom.page.getByText('restricted', { exact: true }))
    await gone(row)
    await seen(priya.page.getByText('You cannot see this complaint'))
    await priya.context.close()
  })

  it('a closed complaint is reopened with a reason', async () => {
    const { page } = tom
    await tom.open('/complaints?view=all&open=false&state=closed')
    await page
      .getByRole('list', { name: /^List of/ })
      .getByRole('link')
      .first()
      .click()
    await page.getByRole('button', { name: 'Reopen' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('It broke again.')
    await dialog.getByRole('button', { name: 'Reopen' }).click()
    await gone(dialog)
    await seen(timeline(page).getByText(/Tom Whitfield reopened it/))
  })

  it('the timeline names whom a complaint was given to', async () => {
    const { page } = tom
    const { id } = await recorded(tom, program, { text: 'The cup has no handle.' })
    await tom.open(`/complaints/${id}?view=all`)
    const dialog = await act(page, 'Assign')
    await dialog.getByRole('combobox', { name: 'Owner' }).fill('Priya')
    await page.getByRole('option', { name: /Priya/ }).click()
    await dialog.getByRole('button', { name: 'Assign' }).click()
    await gone(dialog)
    await seen(timeline(page).getByText(/gave it to Priya Nair/))
  })
})

async function ownTeam(): Promise<string> {
  const me = await tom.context.request.get(`${program.base}/api/v1/me`)
  return ((await me.json()) as { teams: { id: string }[] }).teams[0]?.id ?? ''
}

describe('an input method', () => {
  /** A key as the browser tells it while 注音 or 拼音 is composing. */
  async function enterWhileComposing(page: Page, modifiers = 0): Promise<void> {
    const cdp = await page.context().newCDPSession(page)
    const key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229, modifiers }
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key })
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key })
    await cdp.detach()
  }
  async function compose(page: Page, half: string): Promise<void> {
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Input.imeSetComposition', { text: half, selectionStart: half.length, selectionEnd: half.length })
    await cdp.detach()
  }
  async function commit(page: Page, text: string): Promise<void> {
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Input.insertText', { text })
    await cdp.detach()
  }

  it('chooses its words with Enter without sending the note', async () => {
    const { page } = tom
    const { id } = await recorded(tom, program, { text: 'The tray is scratched.' })
    await tom.open(`/complaints/${id}?view=all`)
    await seen(timeline(page))
    const sent = requestsOf(page, '/notes')
    await page.keyboard.press('n')
    const box = page.getByRole('textbox', { name: 'Text of the internal note' })
    await box.waitFor()
    await compose(page, 'ㄊㄨㄟˋ')
    await enterWhileComposing(page, 2)
    await commit(page, '退款')
    expect(await box.inputValue()).toBe('退款')
    expect(sent).toEqual([])
    await page.keyboard.press('Control+Enter')
    await seen(timeline(page).getByText('退款'))
    expect(sent).toHaveLength(1)
  })

  it('does not search for what is only half composed', async () => {
    const { page } = tom
    await tom.open('/new')
    const asked = requestsOf(page, '/api/v1/customers?')
    await page.getByLabel(/^Find a known/).click()
    await compose(page, 'ㄓㄡ')
    await compose(page, '周小')
    await commit(page, '周')
    await page.keyboard.type('小姐')
    await expect.poll(() => asked.length, { timeout: 12_000 }).toBeGreaterThan(0)
    expect(asked.map((a) => decodeURIComponent(new URL(a).search))).toEqual(['?q=周小姐'])
  })

  it('does not search on the search page before Enter is meant', async () => {
    const { page } = tom
    await tom.open('/search')
    const asked = requestsOf(page, '/api/v1/search')
    const box = page.getByRole('searchbox')
    await box.click()
    await compose(page, 'ㄕㄨㄟˇ')
    await enterWhileComposing(page)
    await commit(page, '水壺')
    expect(asked).toEqual([])
    await page.keyboard.press('Enter')
    await expect.poll(() => asked.length, { timeout: 12_000 }).toBe(1)
    await seen(page.getByRole('list', { name: 'Results' }).getByRole('listitem'))
  })
})

describe('two tabs of one browser', () => {
  it('share one stream; what changes in one shows in the other, also after the first is closed', async () => {
    const { id, number } = await recorded(tom, program, { text: 'The clock runs backwards.' })
    const callum = await signedIn(browser, program, 'tom@harbour.example')
    const streams = requestsOf(callum.context, '/api/v1/stream')
    await callum.open(`/complaints/${id}?view=all`)
    await seen(timeline(callum.page))
    await expect.poll(() => streams.length, { timeout: 12_000 }).toBe(1)
    const other = await callum.context.newPage()
    await other.goto(`${program.base}/desk/complaints/${id}?view=all`)
    await seen(timeline(other))

    await note(callum.page, 'Seen in the other tab.')
    await seen(timeline(other).getByText('Seen in the other tab.'))
    expect(streams).toHaveLength(1)

    await callum.page.close()
    await expect.poll(() => streams.length, { timeout: 12_000 }).toBe(2)
    await note(tomAt(await tom.open(`/complaints/${id}?view=all`)), 'Said after the first tab was closed.')
    await seen(timeline(other).getByText('Said after the first tab was closed.'))
    expect(await other.getByText('Live updates are interrupted').count()).toBe(0)
    expect(number).toMatch(/^R-/)
    await callum.context.close()
  })

  const tomAt = (_opened: void) => tom.page
  async function note(page: Page, words: string): Promise<void> {
    await seen(timeline(page))
    await composer(page).getByRole('button', { name: 'Internal note' }).click()
    await page.getByRole('textbox', { name: 'Text of the internal note' }).fill(words)
    await page.getByRole('button', { name: /Save internal note/ }).click()
    await seen(timeline(page).getByText(words))
  }
})

describe('a phone', () => {
  it('opens the menu as a drawer, goes somewhere, and nothing is wider than the screen', async () => {
    const phone = await signedIn(browser, program, 'tom@harbour.example', { viewport: { width: 390, height: 844 } })
    const { page } = phone
    await phone.open('/')
    await page.getByRole('button', { name: 'Menu' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('link', { name: /^All/ }).click()
    await gone(drawer)
    await page
      .getByRole('list', { name: /^List of/ })
      .getByRole('link')
      .first()
      .click()
    await seen(timeline(page))
    for (const path of ['', '/search', '/new', '/outbox', '/parked', '/account']) {
      if (path) await phone.open(path)
      await seen(page.getByRole('main'))
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      expect(wide, path).toBeLessThanOrEqual(0)
    }
    await phone.context.close()
  })
})

describe('preferences', () => {
  it('switch between three languages at once, and are remembered', async () => {
    const { page } = tom
    await tom.open('/account')
    for (const [name, lang, word, organisation] of [
      ['繁體中文', 'zh-Hant', '更改密碼', '海港家電'],
      ['简体中文', 'zh-Hans', '更改密码', '海港家电'],
      ['English', 'en', 'Change password', 'Harbour Home'],
    ] as const) {
      await page.getByRole('button', { name }).click()
      await seen(page.getByRole('button', { name: word }))
      await seen(page.getByRole('navigation').getByText(organisation))
      expect(await page.locator('html').getAttribute('lang')).toBe(lang)
      await page.reload()
      await seen(page.getByRole('button', { name: word }))
    }
  })

  it('turn the desk dark, from the first paint after a reload on', async () => {
    const { page } = tom
    await page.getByRole('radio', { name: 'dark' }).click()
    const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    await expect.poll(ground, { timeout: 12_000 }).toBe('rgb(22, 22, 20)')
    await page.reload({ waitUntil: 'commit' })
    await expect.poll(ground, { timeout: 12_000 }).toBe('rgb(22, 22, 20)')
    await seen(page.getByRole('radio', { name: 'dark', checked: true }))
    await page.getByRole('radio', { name: 'as the system' }).click()
  })
})
