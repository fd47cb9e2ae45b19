import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from '../src/kit/testing/browser.ts'
import { signedIn } from '../test/e2e/desk.ts'
import { type Program, startProgram } from '../test/e2e/program.ts'
import { type Language, type Picture, pictures, setup } from './pictures-of.ts'

// The pictures of the readmes and of docs/decisions, taken anew: `npx vite build && node bench/pictures.ts [address of a running
// demo] [names of pictures]`.

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url))
const people = {
  lead: { en: 'tom@harbour.example', 'zh-Hant': 'yating@harbour.example' },
  admin: { en: 'zhiming@harbour.example', 'zh-Hant': 'zhiming@harbour.example' },
} as const
/** A reader's page has up to five of them. */
const mostBytes = 90 * 1024

async function main([address, only]: readonly string[]): Promise<void> {
  const program = address ? undefined : await startProgram()
  const base = address ?? program?.base ?? ''
  const browser = await openBrowser()
  await mkdir(folder, { recursive: true })
  const wanted = pictures.filter(({ name }) => !only || new RegExp(`^(${only})$`).test(name))
  try {
    for (const picture of wanted)
      for (const language of picture.languages) await takeOne(browser, { base }, picture, language)
    if (!only || only.includes('setup')) await takeSetup(browser)
  } finally {
    await browser.close()
    await program?.remove()
  }
}

async function takeSetup(browser: Browser): Promise<void> {
  const empty = await startProgram({}, ['--empty'])
  try {
    await takeOne(browser, empty, setup, 'en')
  } finally {
    await empty.remove()
  }
}

async function takeOne(browser: Browser, { base }: Pick<Program, 'base'>, picture: Picture, language: Language) {
  const options: BrowserContextOptions = {
    viewport: picture.size,
    colorScheme: picture.scheme,
    locale: language === 'en' ? 'en-GB' : 'zh-TW',
    timezoneId: language === 'en' ? 'Europe/London' : 'Asia/Taipei',
  }
  const { context, page } = await opened(browser, base, picture, { ...options, language })
  try {
    await picture.take(page, base, language)
    await page.waitForLoadState('networkidle')
    await page.mouse.move(0, 0)
    const file = `${picture.name}.${language}.webp`
    const bytes = await webp(page, await page.screenshot(), picture.size)
    await writeFile(`${folder}${file}`, bytes)
    process.stdout.write(`${file} ${Math.round(bytes.length / 1024)} KB\n`)
  } finally {
    await context.close()
  }
}

type Options = BrowserContextOptions & { readonly language: Language }

async function opened(browser: Browser, base: string, { who }: Picture, { language, ...options }: Options) {
  if (who !== 'nobody') return signedIn(browser, { base } as Program, people[who][language], { ...options, language })
  const context = await browser.newContext({ ...options, serviceWorkers: 'block' })
  await context.addInitScript((locale) => {
    localStorage.setItem('redress.locale', locale)
  }, language)
  return { context, page: await context.newPage() }
}

/** A browser writes WebP itself: half of what the same picture takes as PNG; coarser, until it is small enough. */
async function webp(page: Page, png: Buffer, { width, height }: Picture['size']): Promise<Buffer> {
  await page.goto('about:blank')
  const data = `data:image/png;base64,${png.toString('base64')}`
  const address = await page.evaluate<string>(`(async () => {
    const picture = await createImageBitmap(await (await fetch('${data}')).blob())
    const canvas = Object.assign(document.createElement('canvas'), { width: ${width}, height: ${height} })
    canvas.getContext('2d').drawImage(picture, 0, 0)
    const written = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3].map((quality) => () => canvas.toDataURL('image/webp', quality))
    let smallest = ''
    for (const write of written) if ((smallest = write()).length * 0.75 < ${mostBytes}) break
    return smallest
  })()`)
  return Buffer.from(address.split(',')[1] ?? '', 'base64')
}

await main(process.argv.slice(2))
