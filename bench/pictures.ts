import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from '../src/kit/testing/browser.ts'
import { signedIn } from '../test/e2e/desk.ts'
import { type Program, startProgram } from '../test/e2e/program.ts'

// The pictures of the readmes, taken anew: `npx vite build && node bench/pictures.ts [address of a running demo]`.

type Language = 'en' | 'zh-Hant'
type Picture = {
  readonly name: string
  readonly scheme: 'light' | 'dark'
  readonly size: { readonly width: number; readonly height: number }
  take(page: Page, base: string, language: Language): Promise<void>
}

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url))
const wide = { width: 1280, height: 800 }
const phone = { width: 390, height: 760 }
const lead = { en: 'tom@harbour.example', 'zh-Hant': 'yating@harbour.example' } as const

const pictures: readonly Picture[] = [
  {
    name: 'inbox',
    scheme: 'light',
    size: wide,
    take: async (page, base) => {
      await page.goto(`${base}/desk/complaints?view=team`)
      await page.locator('.rows a.row').nth(2).click()
      await page.locator('.complaint .next').waitFor()
    },
  },
  {
    name: 'complaint',
    scheme: 'dark',
    size: wide,
    take: async (page, base, language) => {
      const q = language === 'en' ? 'lid hinge burnt forearm' : '電子鍋 轉軸 召回'
      await page.goto(`${base}/desk/search?q=${encodeURIComponent(q)}`)
      await page.locator('main a[href*="/complaints/"]').first().click()
      await page.locator('.complaint .next').waitFor()
    },
  },
  {
    name: 'telephone',
    scheme: 'light',
    size: wide,
    take: async (page, base, language) => {
      await page.goto(`${base}/desk/call?from=${language === 'en' ? '%2B447700900311' : '%2B886912000678'}`)
      await page.locator('.known li').first().waitFor()
    },
  },
  {
    name: 'figures',
    scheme: 'light',
    size: wide,
    take: async (page, base) => {
      await page.goto(`${base}/desk/figures?period=month&by=product`)
      await page.locator('.figures-table tfoot').waitFor()
    },
  },
  {
    name: 'portal',
    scheme: 'light',
    size: phone,
    take: async (page, base, language) => {
      await page.goto(`${base}/p/harbour/?lang=${language}`)
      await page.locator('main').waitFor()
    },
  },
]

async function main([address]: readonly string[]): Promise<void> {
  const program = address ? undefined : await startProgram()
  const base = address ?? program?.base ?? ''
  const browser = await openBrowser()
  await mkdir(folder, { recursive: true })
  try {
    for (const language of ['en', 'zh-Hant'] as const)
      for (const picture of pictures) await takeOne(browser, { base }, picture, language)
  } finally {
    await browser.close()
    await program?.remove()
  }
}

async function takeOne(browser: Browser, { base }: Pick<Program, 'base'>, picture: Picture, language: Language) {
  const options: BrowserContextOptions = {
    viewport: picture.size,
    colorScheme: picture.scheme,
    timezoneId: language === 'en' ? 'Europe/London' : 'Asia/Taipei',
  }
  const { context, page } = await signedIn(browser, { base } as Program, lead[language], { ...options, language })
  await picture.take(page, base, language)
  await page.waitForLoadState('networkidle')
  await page.mouse.move(0, 0)
  const file = `${picture.name}.${language}.webp`
  const bytes = await webp(page, await page.screenshot(), picture.size)
  await writeFile(`${folder}${file}`, bytes)
  process.stdout.write(`${file} ${Math.round(bytes.length / 1024)} KB\n`)
  await context.close()
}

/** A browser writes WebP itself: half of what the same picture takes as PNG. */
async function webp(page: Page, png: Buffer, { width, height }: Picture['size']): Promise<Buffer> {
  await page.goto('about:blank')
  const data = `data:image/png;base64,${png.toString('base64')}`
  const address = await page.evaluate<string>(`(async () => {
    const picture = await createImageBitmap(await (await fetch('${data}')).blob())
    const canvas = Object.assign(document.createElement('canvas'), { width: ${width}, height: ${height} })
    canvas.getContext('2d').drawImage(picture, 0, 0)
    return canvas.toDataURL('image/webp', 0.9)
  })()`)
  return Buffer.from(address.split(',')[1] ?? '', 'base64')
}

await main(process.argv.slice(2))
