import type { Page } from 'playwright-core'

export type Language = 'en' | 'zh-Hant'
export type Picture = {
  readonly name: string
  readonly languages: readonly Language[]
  readonly scheme: 'light' | 'dark'
  readonly size: { readonly width: number; readonly height: number }
  /** Whose screen it is; `nobody`: of those who are not signed in. */
  readonly who: 'lead' | 'admin' | 'nobody'
  take(page: Page, base: string, language: Language): Promise<unknown>
}

const wide = { width: 1280, height: 800 }
const phone = { width: 390, height: 760 }
const both = ['en', 'zh-Hant'] as const
const [en, zh] = [['en'], ['zh-Hant']] as const

/** The screen at this address, once `seen` stands there. */
const at = (path: string, seen: string): Picture['take'] => {
  return async (page, base) => {
    await page.goto(base + path)
    await page.locator(seen).first().waitFor()
  }
}

/** The complaint of the demo whose story is told in the README. */
const theStory: Picture['take'] = async (page, base, language) => {
  const q = language === 'en' ? 'lid hinge burnt forearm' : '電子鍋 轉軸 召回'
  await page.goto(`${base}/desk/search?q=${encodeURIComponent(q)}`)
  await page.locator('main a[href*="/complaints/"]').first().click()
  await page.locator('.complaint .next').waitFor()
  await page.waitForLoadState('networkidle')
}

/** The list, and the second of its rows under the keys. */
const list: Picture['take'] = async (page, base) => {
  await page.goto(`${base}/desk/complaints?view=team`)
  await page.locator('.rows a.row').nth(2).waitFor()
  await page.waitForLoadState('networkidle')
  await page.locator('.rows a.row').nth(1).focus()
}

const pressed = (first: Picture['take'], keys: string, seen: string): Picture['take'] => {
  return async (page, base, language) => {
    await first(page, base, language)
    await page.keyboard.press(keys)
    await page.locator(seen).first().waitFor()
  }
}

const clicked = (first: Picture['take'], what: string, seen: string): Picture['take'] => {
  return async (page, base, language) => {
    await first(page, base, language)
    await page.locator(what).first().click()
    await page.locator(seen).first().waitFor()
  }
}

const lead = { who: 'lead', scheme: 'light', size: wide } as const
const admin = { who: 'admin', scheme: 'light', size: wide } as const
const outside = { who: 'nobody', scheme: 'light', size: phone } as const
const setting = (path: string, languages: Picture['languages'], seen: string): Picture => {
  return { ...admin, name: `settings-${path}`, languages, take: at(`/desk/settings/${path}`, seen) }
}
const dark = { scheme: 'dark' } as const

/** One a screen, or two where the READMEs show it; every screen of `docs/decisions/0028-screens.md`. */
export const pictures: readonly Picture[] = [
  { ...lead, name: 'inbox', languages: both, take: clicked(list, '.rows li:nth-child(3) a.row', '.complaint .next') },
  { ...lead, ...dark, name: 'complaint', languages: both, take: theStory },
  {
    ...lead,
    name: 'telephone',
    languages: both,
    take: (page, base, language) =>
      at(`/desk/call?from=${language === 'en' ? '%2B447700900311' : '%2B886912000678'}`, '.known li')(
        page,
        base,
        language,
      ),
  },
  { ...lead, name: 'figures', languages: both, take: at('/desk/figures?period=month&by=product', 'tfoot') },
  {
    ...outside,
    name: 'portal',
    languages: both,
    take: (page, base, language) => at(`/p/harbour/?lang=${language}`, 'main')(page, base, language),
  },
  {
    ...lead,
    name: 'composer',
    languages: zh,
    take: clicked(theStory, '.composer .switch .reply', '.composer textarea'),
  },
  { ...lead, ...dark, name: 'actions', languages: en, take: clicked(theStory, '.head-ways button', '[role=menu]') },
  { ...lead, name: 'triage', languages: zh, take: pressed(list, 't', '.pick') },
  { ...lead, name: 'palette', languages: en, take: pressed(list, 'Control+k', '.dialog.palette') },
  { ...lead, name: 'notices', languages: zh, take: pressed(list, 'i', '.notice') },
  { ...lead, ...dark, size: phone, name: 'inbox-phone', languages: zh, take: list },
  { ...lead, size: phone, name: 'complaint-phone', languages: en, take: theStory },
  { ...lead, name: 'new', languages: en, take: at('/desk/new', 'main textarea') },
  { ...lead, name: 'search', languages: zh, take: at('/desk/search?q=%E6%B0%B4%E5%A3%BA', '.result') },
  { ...lead, name: 'customers', languages: en, take: at('/desk/customers', 'a.customer') },
  { ...lead, name: 'customer', languages: zh, take: clicked(at('/desk/customers', 'a.customer'), 'a.customer', 'h1') },
  {
    ...lead,
    name: 'audit',
    languages: en,
    take: clicked(theStory, '.head-ways a[href$="/audit"]', '.audit-table tbody tr'),
  },
  { ...lead, name: 'outbox', languages: zh, take: at('/desk/outbox', 'main') },
  { ...lead, name: 'parked', languages: en, take: at('/desk/parked', 'main') },
  { ...lead, name: 'account', languages: zh, take: at('/desk/account', 'main textarea') },
  { ...lead, name: 'my-keys', languages: en, take: at('/desk/account/keys', '.my-keys') },
  setting('staff', zh, 'tbody tr'),
  setting('teams', en, 'tbody tr'),
  setting('roles', zh, 'tbody tr'),
  setting('routing', en, 'tbody tr'),
  setting('types', zh, 'main .link'),
  setting('products', en, 'main .link'),
  setting('places', zh, 'main .link'),
  setting('calendars', en, 'main details'),
  setting('promises', zh, 'main fieldset'),
  setting('keys', en, 'main form'),
  setting('access', zh, 'tbody tr'),
  setting('mailboxes', zh, '.mailbox-form'),
  setting('mail-templates', en, 'iframe'),
  setting('import', zh, '.import-take'),
  setting('health', en, '.health li'),
  { ...outside, size: wide, name: 'sign-in', languages: zh, take: at('/desk/sign-in', 'form') },
  {
    ...outside,
    name: 'portal-form',
    languages: en,
    take: clicked(at('/p/harbour/?lang=en', 'main'), 'main .btn', 'main textarea'),
  },
  { ...outside, name: 'portal-track', languages: zh, take: at('/p/harbour/track?lang=zh-Hant', 'main form') },
]

/** Taken of a new installation, without the demo. */
export const setup: Picture = { ...outside, size: wide, name: 'setup', languages: en, take: at('/desk/', 'form') }
