import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../src/kit/testing/browser.ts'
import { commanded, type Desk, gone, recorded, requestsOf, seen, signedIn } from './desk.ts'
import { type Demo, startDemo } from './demo.ts'

// One complaint at the desk: words that are never lost, never sent past news, never mistaken for the other kind.

vi.setConfig({ testTimeout: 60_000 })

let program: Demo
let browser: Browser
let tom: Desk
let mei: Desk

beforeAll(async () => {
  const opened = openBrowser()
  program = await startDemo({ REDRESS_UNDO_SECONDS: '8', SMTP_URL: 'smtp://127.0.0.1:9' })
  browser = await opened
  tom = await signedIn(browser, program, 'tom@harbour.example')
  mei = await signedIn(browser, program, 'meilin@harbour.example')
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await program?.remove()
}, 60_000)

const reply = (page: Page) => page.getByRole('textbox', { name: 'Reply to the complainant' })
const note = (page: Page) => page.getByRole('textbox', { name: 'Text of the internal note' })
const begin = async (desk: Desk, id: string, kind: 'reply' | 'note') => {
  await desk.open(`/complaints/${id}`)
  await desk.page.getByRole('button', { name: kind === 'reply' ? /^Reply to/ : /^Internal note(?!s)/ }).click()
  await seen(kind === 'reply' ? reply(desk.page) : note(desk.page))
}
const make = (body: object = {}) =>
  recorded(tom, program, { complainant: { name: 'Lin Mei', mail: `lin${Math.random()}@example.test` }, ...body })
const saved = (page: Page) => seen(page.getByText('Draft saved'))
/** Pictures to look at, where somebody asked for them. */
const picture = async (page: Page, name: string) => {
  const folder = process.env.REDRESS_PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}

describe('words being written', () => {
  it('T10: a browser killed mid-reply loses at most two seconds of them', async () => {
    const { id } = await make()
    const own = await openBrowser()
    const desk = await signedIn(own, program, 'tom@harbour.example')
    await begin(desk, id, 'reply')
    const typed = { text: '', at: [] as number[] }
    const until = Date.now() + 5_000
    while (Date.now() < until) {
      const key = 'abcdefghij '[typed.text.length % 11] ?? 'x'
      await desk.page.keyboard.insertText(key)
      typed.text += key
      typed.at.push(Date.now())
    }
    const killedAt = Date.now()
    const pid = await killerOf(own)
    process.kill(pid, 'SIGKILL')
    await begin(tom, id, 'reply')
    await expect.poll(() => reply(tom.page).inputValue(), { timeout: 5_000 }).not.toBe('')
    const kept = await reply(tom.page).inputValue()
    expect(typed.text.startsWith(kept)).toBe(true)
    const lost = typed.at.slice(kept.length)
    expect(lost.length === 0 ? 0 : killedAt - (lost[0] ?? killedAt)).toBeLessThanOrEqual(2_000)
    await own.close().catch(() => undefined)
  })

  it('are kept while the connection is lost, it is said, and they are saved when it is back', async () => {
    const { id } = await make()
    await begin(tom, id, 'note')
    await tom.context.setOffline(true)
    await note(tom.page).fill('written in the tunnel')
    await seen(tom.page.getByText(/No connection\. Your draft is kept here/))
    await tom.context.setOffline(false)
    await saved(tom.page)
    await tom.page.reload()
    await tom.page.getByRole('button', { name: /^Internal note(?!s)/ }).click()
    await expect.poll(() => note(tom.page).inputValue()).toBe('written in the tunnel')
  })

  it('are kept when sight of the complaint is lost while writing: said within five seconds, with the words', async () => {
    const { id } = await make()
    await begin(mei, id, 'note')
    await note(mei.page).fill('half a thought')
    await saved(mei.page)
    await commanded(tom, program, id, 'restriction', { confidentiality: 'restricted', staffIds: [] })
    await mei.page.getByText('You cannot see this complaint').waitFor({ timeout: 5_000 })
    await seen(mei.page.getByText('half a thought'))
  })

  it('of two windows of one person: the newest stand, the others are offered', async () => {
    const { id } = await make()
    await begin(tom, id, 'note')
    const second = await signedIn(browser, program, 'tom@harbour.example')
    await begin(second, id, 'note')
    await note(tom.page).fill('from the desk')
    await saved(tom.page)
    await note(second.page).fill('from the laptop')
    await seen(second.page.getByText('This draft was also written in another window'))
    await second.page.getByRole('button', { name: 'Use that one' }).click()
    expect(await note(second.page).inputValue()).toBe('from the desk')
    await second.context.close()
  })
})

describe('sending', () => {
  it('can be taken back: the words stand in the composer again, and nothing leaves', async () => {
    const { id } = await make()
    await begin(tom, id, 'reply')
    await reply(tom.page).fill('We refund **all** of it.')
    await tom.page.keyboard.press('Control+Enter')
    await seen(tom.page.getByText(/You can take it back for \d+ s/))
    await picture(tom.page, 'undo')
    await tom.page.getByRole('button', { name: 'Take back and edit' }).click()
    await expect.poll(() => reply(tom.page).inputValue()).toBe('We refund **all** of it.')
    await seen(tom.page.locator('.msg.out strong', { hasText: 'all' }))
  })

  it('of an answer taken back gives back the outcome, every finding and reason, and whom it was for', async () => {
    const { id } = await make({
      channel: 'regulator_referral',
      authority: { body: 'Consumer Council', number: '11', sender: '' },
    })
    const { page } = tom
    await begin(tom, id, 'reply')
    const decides = page.getByRole('checkbox', { name: /This is our answer/ })
    const reason = page.getByRole('textbox', { name: 'Answer to point 1' })
    await decides.check()
    await page.getByLabel('Finding on point 1').selectOption('not_upheld')
    await reason.fill('The lid was shut.')
    await decides.uncheck()
    await decides.check()
    await expect.poll(() => reason.inputValue()).toBe('The lid was shut.')
    await page.locator('.decision').getByLabel('Outcome').selectOption({ index: 1 })
    const outcome = await page.locator('.decision').getByLabel('Outcome').inputValue()
    await reply(page).fill('We looked into it.')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('button', { name: 'Take back and edit' }).click()
    await expect.poll(() => reply(page).inputValue()).toContain('We looked into it.')
    expect(await page.locator('.decision').getByLabel('Outcome').inputValue()).toBe(outcome)
    await expect.poll(() => reason.inputValue()).toBe('The lid was shut.')
    await page.getByLabel('To', { exact: true }).selectOption('authority')
    await saved(page)
    await begin(tom, id, 'note')
    await page.getByRole('button', { name: /^Reply to/ }).click()
    const whom = page.getByLabel('To', { exact: true })
    await seen(whom)
    expect(await whom.inputValue()).toBe('authority')
  })

  it('asks first when something new came in, and sends nothing until it was answered', async () => {
    const { id } = await make()
    await begin(tom, id, 'reply')
    await reply(tom.page).fill('No.')
    await commanded(mei, program, id, 'messages', { text: 'And my hand is burnt.', channel: 'phone' })
    await seen(tom.page.getByText('New since you began to write: 1'))
    const sends = requestsOf(tom.page, '/replies')
    await tom.page.keyboard.press('Control+Enter')
    const box = tom.page.getByRole('alertdialog')
    await seen(box)
    await picture(tom.page, 'asks-first')
    expect(sends).toEqual([])
    await box.getByRole('button', { name: 'Read it first' }).click()
    await gone(box)
    expect(await reply(tom.page).inputValue()).toBe('No.')
    await tom.page.getByRole('button', { name: /^Send reply/ }).click()
    await seen(tom.page.getByText(/You can take it back for \d+ s/))
    expect(sends.length).toBe(1)
  })

  it('never happens by Enter of an input method, and Ctrl with B writes bold', async () => {
    const { id } = await make()
    await begin(tom, id, 'reply')
    const client = await tom.context.newCDPSession(tom.page)
    await client.send('Input.imeSetComposition', { text: 'ㄊㄨㄟˋ', selectionStart: 4, selectionEnd: 4 })
    await tom.page.keyboard.press('Enter')
    await client.send('Input.insertText', { text: '退款' })
    await tom.page.keyboard.press('Control+b')
    await tom.page.keyboard.type('now')
    expect(await reply(tom.page).inputValue()).toContain('退款**now**')
    await reply(tom.page).fill('')
    await tom.page.keyboard.type('- one')
    await tom.page.keyboard.press('Enter')
    await tom.page.keyboard.type('two')
    expect(await reply(tom.page).inputValue()).toBe('- one\n- two')
  })

  it('a note never looks like a reply: colour, label, place and button differ', async () => {
    const { id } = await make()
    await begin(tom, id, 'note')
    const look = () =>
      tom.page.evaluate<string[]>(
        `(({ backgroundColor, borderTopStyle }) => [backgroundColor, borderTopStyle])(getComputedStyle(document.querySelector('.composer')))`,
      )
    const asNote = await look()
    await seen(tom.page.getByRole('button', { name: /^Save internal note/ }))
    await tom.page.getByRole('button', { name: /^Reply to/ }).click()
    const asReply = await look()
    await seen(tom.page.getByRole('button', { name: /^Send reply/ }))
    expect(asReply[0]).not.toBe(asNote[0])
    expect(asReply[1]).not.toBe(asNote[1])
  })
})

describe('what is shown', () => {
  it('HTML that came with a message is words: nothing of it runs or is fetched', async () => {
    const text =
      '<img src="/steal" onerror="document.title=\'owned\'"><script>document.title="owned"</script><b>x</b> http://evil.test'
    const remote = '![x](http://evil.test/a.png) <img src="http://evil.test/b.png"> [press](http://evil.test/c)'
    const { id } = await make({ text: `${text} ${remote}` })
    // Ours have links to press, and no pictures from elsewhere either.
    await commanded(tom, program, id, 'notes', { text: remote })
    const fetched = requestsOf(tom.page, 'evil.test')
    const stolen = requestsOf(tom.page, '/steal')
    const page = await tom.context.request.get(`${program.base}/desk/`)
    expect(page.headers()['content-security-policy']).toMatch(/default-src 'none'.*img-src 'self' data: blob:/)
    await tom.open(`/complaints/${id}`)
    await seen(tom.page.getByText('<img src="/steal"'))
    await seen(tom.page.getByRole('link', { name: 'press' }))
    expect(await tom.page.title()).not.toBe('owned')
    expect([...fetched, ...stolen]).toEqual([])
    expect(
      await tom.page.locator('.timeline img, .timeline script, .timeline iframe, .msg.in a[href*=evil]').count(),
    ).toBe(0)
  })

  it('a name with an override of direction is shown harmless', async () => {
    const { id } = await make({ complainant: { name: 'Lin\u202egnp.exe', mail: 'rtl@example.test' } })
    await tom.open(`/complaints/${id}`)
    await seen(tom.page.getByRole('article').first())
    expect(await tom.page.locator('main.complaint').innerText()).not.toContain('\u202e')
  })

  it('opens with at most two requests of its own', async () => {
    const { id } = await make()
    await tom.open('/complaints')
    await seen(tom.page.getByRole('navigation'))
    await tom.page.waitForLoadState('networkidle').catch(() => undefined)
    const asked = requestsOf(tom.page, `/api/v1/`)
    await tom.page.evaluate(
      `history.pushState({}, '', '/desk/complaints/${id}'); dispatchEvent(new PopStateEvent('popstate'))`,
    )
    await seen(tom.page.getByRole('button', { name: /^Internal note(?!s)/ }))
    await tom.page.waitForTimeout(1_000)
    expect(asked.filter((url) => url.includes(id)).length, asked.join('\n')).toBeLessThanOrEqual(2)
  })

  it('says who else is here and who is writing', async () => {
    const { id } = await make()
    await tom.open(`/complaints/${id}`)
    await seen(tom.page.getByRole('article').first())
    await begin(mei, id, 'note')
    await seen(tom.page.getByText(/ is here too$/))
    await mei.page.keyboard.type('thinking')
    await seen(tom.page.getByText(/ is writing$/))
    await picture(tom.page, 'presence')
  })

  it('abuse is folded behind a click, and a translation stands beside', async () => {
    const { id } = await make({ text: 'You thieves and liars!' })
    await tom.open(`/complaints/${id}`)
    const article = tom.page.getByRole('article').first()
    await article.hover()
    await article.getByRole('button', { name: 'Add a translation' }).click()
    await tom.page.getByLabel('Into').selectOption('zh-Hant')
    await tom.page.getByLabel('Translation', { exact: true }).fill('你們這些小偷騙子！')
    await tom.page.getByRole('button', { name: 'Put beside' }).click()
    await seen(article.getByText('你們這些小偷騙子！'))
    await gone(tom.page.getByLabel('Translation', { exact: true }))
    await picture(tom.page, 'translation')
    await article.hover()
    await article.getByRole('button', { name: 'Abuse: fold this' }).click()
    await gone(article.getByText('You thieves'))
    await article.getByRole('button', { name: 'Show it all the same' }).click()
    await seen(article.getByText('You thieves'))
  })
})

/** The process of this browser, asked of itself: only this one is ended. */
async function killerOf(own: Browser): Promise<number> {
  const session = await own.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo.find((p) => p.type === 'browser')?.id ?? 0
}
