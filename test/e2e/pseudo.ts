import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { isPermission } from '../../src/people/index.ts'
import { namesOf } from '../../src/templates/domain/index.ts'

// A language nobody speaks: English in brackets, 40 % longer. Whatever shows without brackets is not from the words; whatever
// no longer fits would not fit in the next language either.

/** What stands in a bracket of the pseudo-language around every sentence. */
export const [open, close] = ['⟦', '⟧'] as const

/** Makes English pseudo for this page, as its words are loaded. */
export async function speakPseudo(page: Page): Promise<void> {
  await page.route(/\/desk\/assets\/en-[\w-]+\.js$/, async (route) => {
    const answer = await route.fetch()
    const body = `const parseAsIs = JSON.parse; JSON.parse = (text) => (${pseudo.toString()})(parseAsIs(text));${await answer.text()};JSON.parse = parseAsIs`
    await route.fulfill({ response: answer, body })
  })
}

function pseudo(words: unknown): unknown {
  if (typeof words === 'string') {
    const length = words.replace(/\{\{[^}]*\}\}/g, 'xxxx').length
    const more = 'lo ipsem dolor sit amet consec tetuer '.repeat(20).slice(0, Math.ceil(length * 0.4))
    return `⟦${words}${more.trimEnd()}⟧`
  }
  return Object.fromEntries(Object.entries(words as object).map(([key, value]) => [key, pseudo(value)]))
}

/** Words the screens show that are data: everything the server ever said to this page. */
export function wordsHeard(page: Page): Set<string> {
  const heard = new Set<string>()
  const hear = (value: unknown): void => {
    if (typeof value === 'string') for (const word of wordsOf(value)) heard.add(word)
    else if (value && typeof value === 'object') Object.values(value).forEach(hear)
  }
  page.on('response', (response) => {
    const json = response.headers()['content-type']?.includes('json')
    if (json && response.url().includes('/api/')) void response.json().then(hear, () => undefined)
  })
  return heard
}

const wordsOf = (text: string) => text.toLowerCase().match(/\p{L}+/gu) ?? []

/** Names no language has a word for (those in braces of a template too), and what the browser itself writes: days, months, zones. */
const names = new Set(
  [
    'Redress 繁體中文 简体中文 English Ctrl K Esc Alt Enter am pm UTC GMT API TOTP Chrome Linux R',
    ...Object.values(namesOf).flat(),
    ...Intl.supportedValuesOf('timeZone'),
    ...Array.from({ length: 12 }, (_, i) => month(i)),
    ...Array.from({ length: 7 }, (_, i) => day(i)),
  ].flatMap(wordsOf),
)
function month(i: number): string {
  const date = new Date(Date.UTC(2026, i, 1))
  return `${date.toLocaleString('en', { month: 'long' })} ${date.toLocaleString('en-GB', { month: 'short' })}`
}
function day(i: number): string {
  const date = new Date(Date.UTC(2026, 5, 1 + i))
  return `${date.toLocaleString('en', { weekday: 'long' })} ${date.toLocaleString('en', { weekday: 'short' })}`
}

type Screen = { readonly texts: string[]; readonly wide: string[] }
/** Runs in the page. */
const readScreen = readFileSync(new URL('read-screen.js', import.meta.url), 'utf8')

/** What on this screen is not said in the language, shows a key, is wider than its place, or is cut off. */
export async function wrongWords(page: Page, where: string, heard: ReadonlySet<string>): Promise<string[]> {
  const { texts, wide } = await page.evaluate<Screen>(readScreen)
  const found = wide.map((what) => `${where}: ${what}`)
  for (const text of texts.filter((one) => !isPermission(one))) {
    if (/^[a-z][\w-]*(\.[\w-]+)+$/i.test(text.trim()) && !text.includes('@')) found.push(`${where}: key ${text}`)
    const bare = wordsOf(unbracketed(text)).filter((word) => !/^\w$/.test(word) && !heard.has(word) && !names.has(word))
    if (bare.length > 0) found.push(`${where}: not in the words “${bare.join(' ')}” of “${text.slice(0, 90)}”`)
  }
  return [...new Set(found)]
}

/** The text without its sentences: brackets stand in brackets where a sentence has another in it. */
function unbracketed(text: string): string {
  let depth = 0
  let out = ''
  for (const c of text) {
    if (c === open) depth += 1
    else if (c === close) {
      depth -= 1
      out += ' '
    } else if (depth <= 0) out += c
  }
  return out
}
