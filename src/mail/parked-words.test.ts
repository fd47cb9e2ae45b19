import { expect, test } from 'vitest'
import en from './locales/en.json' with { type: 'json' }
import hans from './locales/zh-Hans.json' with { type: 'json' }
import hant from './locales/zh-Hant.json' with { type: 'json' }

/** Said at a mailbox's form, which has the values at hand. */
const ofForms = new Set(['mail-bad-address', 'mail-address-taken'])

// A mail that is set aside keeps the code of its reason, and nothing to fill gaps with.
test.each([
  ['zh-Hant', hant],
  ['zh-Hans', hans],
  ['en', en],
])('in %s, no reason for which a mail is set aside has a gap in it', (_, words) => {
  const gaps = Object.entries(words.problem).filter(([code, text]) => !ofForms.has(code) && text.includes('{{'))
  expect(gaps).toEqual([])
})
