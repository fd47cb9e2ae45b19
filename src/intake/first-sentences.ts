const atMost = 300
/** Where a sentence ends, and where one may be cut that does not: behind these. */
const ends = /[。！？!?…]+["」』”’）)]*|\.(?=\s|$)["”’)]*|\n+/g
const pauses = /[，、；：,;:]|\s/g

/**
 * What somebody complains of, in their own words: the first whole sentences, up to 300 characters. A first sentence longer
 * than that is cut where it pauses.
 */
export function firstSentences(text: string): string {
  const whole = text.trim().replaceAll(/[ \t]+/g, ' ')
  if (whole.length <= atMost) return oneLine(whole)
  const head = whole.slice(0, atMost)
  const cut = lastBehind(head, ends) ?? lastBehind(head, pauses) ?? atMost
  return oneLine(head.slice(0, cut).replace(/[，、；：,;:\s]+$/, ''))
}

/** Behind the last place such a thing stands; undefined where there is none. */
function lastBehind(text: string, pattern: RegExp): number | undefined {
  const last = [...text.matchAll(pattern)].at(-1)
  return last && last.index + last[0].length
}

const oneLine = (text: string) => text.replaceAll(/\s*\n\s*/g, ' ').trim()
