import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { demoPassword, type Program } from './program.ts'

export type Desk = { readonly context: BrowserContext; readonly page: Page; open(path: string): Promise<void> }
type Options = BrowserContextOptions & { readonly language?: 'zh-Hant' | 'zh-Hans' | 'en'; readonly password?: string }

const wait = { timeout: 12_000 }

/** A browser of its own in which somebody is signed in, at the desk. */
export async function signedIn(browser: Browser, program: Program, mail: string, options: Options = {}): Promise<Desk> {
  // A service worker would stand between a test and what it counts; shell.test.ts lets it in.
  const { language = 'en', password = demoPassword, serviceWorkers = 'block', ...rest } = options
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    serviceWorkers,
    ...rest,
  })
  context.setDefaultTimeout(wait.timeout)
  const reply = await context.request.post(`${program.base}/api/v1/session`, {
    data: { mail, password },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  if (!reply.ok()) throw new Error(`sign-in of ${mail}: ${await reply.text()}`)
  await context.addInitScript((locale) => {
    if (!localStorage.getItem('redress.locale')) localStorage.setItem('redress.locale', locale)
    localStorage.setItem('redress.toured', '1')
  }, language)
  const page = await context.newPage()
  return { context, page, open: async (path) => void (await page.goto(`${program.base}/desk${path}`)) }
}

/** Waits until it can be seen. */
export async function seen(place: Locator): Promise<void> {
  await place.first().waitFor({ state: 'visible', ...wait })
}

/** Waits until it can no longer be seen. */
export async function gone(place: Locator): Promise<void> {
  await expect.poll(() => place.count(), wait).toBe(0)
}

/** What `page` asked of the server so far, by path, as a list that grows. */
export function requestsOf(on: Page | BrowserContext, part: string): string[] {
  const found: string[] = []
  const hear = (url: string) => void (url.includes(part) && found.push(url))
  if ('goto' in on) on.on('request', (r) => hear(r.url()))
  else on.on('request', (r) => hear(r.url()))
  return found
}

/** Chooses from the "More actions" of the open complaint and gives the dialog. */
export async function act(page: Page, action: string): Promise<Locator> {
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: action, exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  return dialog
}

/** A command given by whoever is signed in, on the complaint as it stands. */
export async function commanded(desk: Desk, program: Program, id: string, path: string, body: object): Promise<void> {
  const { request } = desk.context
  const address = `${program.base}/api/v1/complaints/${id}`
  const { complaint, points } = (await (await request.get(address)).json()) as {
    complaint: { version: number }
    points: { id: string }[]
  }
  const findings = path === 'replies' ? { findings: points.map((p) => ({ pointId: p.id, finding: 'upheld' })) } : {}
  const reply = await request.post(`${address}/${path}`, {
    data: { version: complaint.version, ...findings, ...body },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  if (!reply.ok()) throw new Error(`${path}: ${await reply.text()}`)
}

/** A complaint recorded by whoever is signed in; gives its id and number. */
export async function recorded(desk: Desk, program: Program, body: object): Promise<{ id: string; number: string }> {
  const reply = await desk.context.request.post(`${program.base}/api/v1/complaints`, {
    data: { channel: 'phone', text: 'The kettle trips the fuse.', ...body },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  if (!reply.ok()) throw new Error(`recording: ${await reply.text()}`)
  return (await reply.json()) as { id: string; number: string }
}
