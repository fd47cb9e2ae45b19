const digits: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  兩: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}

/** A small number in digits or Chinese numerals (十五, 二十, 半 = 0.5); undefined for anything else. */
export function number(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text)
  if (text === '半') return 0.5
  const [tens, ones, more] = text.split('十')
  if (more !== undefined || tens === undefined) return undefined
  if (ones === undefined) return digits[tens]
  const high = tens === '' ? 1 : digits[tens]
  const low = ones === '' ? 0 : digits[ones]
  return high === undefined || low === undefined ? undefined : high * 10 + low
}
