import { pinyin } from 'pinyin-pro'
import { zhuyinOf } from './domain/zhuyin.ts'

const kept = new Map<string, readonly string[]>()

/**
 * How a Chinese name may be typed without choosing characters: 拼音 whole and by initials, 注音 whole and by initials, all
 * without tones (退款 → tuikuan, tk, ㄊㄨㄟㄎㄨㄢ, ㄊㄎ). [] for a text without Chinese characters.
 */
export function readingsOf(text: string): readonly string[] {
  const known = kept.get(text)
  if (known) return known
  const syllables = /\p{Script=Han}/u.test(text)
    ? pinyin(text, { toneType: 'none', type: 'array', nonZh: 'removed', v: true })
    : []
  const sounds = syllables.map((s) => zhuyinOf(s))
  const keys = [syllables.join(''), initials(syllables), sounds.join(''), initials(sounds)].filter(Boolean)
  const found = [...new Set(keys)]
  if (kept.size > 5_000) kept.clear()
  kept.set(text, found)
  return found
}

const initials = (parts: readonly string[]) => parts.map((p) => p[0] ?? '').join('')
