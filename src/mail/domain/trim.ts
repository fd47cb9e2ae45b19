import { saysForwarded } from './subject.ts'
import { kindOf, type LineKind } from './trim-lines.ts'

type Line = { readonly text: string; readonly kind: LineKind }

/** Of longer texts only these lines are looked at; what stands below goes with what stands above it. */
const mostLines = 5_000
/** So few words beside what is passed on are no complaint of their own. In columns: a Chinese character has two. */
const littleBesideForward = 40

/**
 * What its author wrote this time: without what is quoted and without the signature. Answers between quotes stay, with the
 * quotes they answer; what is passed on stays where little stands beside it; where nothing is left, everything stays.
 */
export function newTextOf(text: string, subject = ''): string {
  const whole = text.replace(/\r\n?/gu, '\n')
  const lines = linesOf(withoutArmour(whole))
  const forwarded = forwardOf(whole, lines, subject)
  if (forwarded !== null) return forwarded
  const left = words(withoutSignature(withoutQuoted(lines)))
  return left === '' ? whole.trim() : left
}

function linesOf(text: string): Line[] {
  const all = text.split('\n')
  const lines = kindsOf(joinIntros(all.slice(0, mostLines)))
  const rest = all.slice(mostLines).join('\n')
  return rest.trim() === '' ? joinHeaders(lines) : [...joinHeaders(lines), { text: rest, kind: 'text' }]
}

/** Between two lines of backticks everything is meant as it stands. */
function kindsOf(lines: readonly string[]): Line[] {
  let fenced = false
  const closes = lines.filter((line) => fence.test(line)).length > 1
  return lines.map((text) => {
    const mark = closes && fence.test(text)
    const kind = fenced || mark ? 'text' : kindOf(text)
    if (mark) fenced = !fenced
    return { text, kind: kind === 'text' && text.trim() === '' ? 'empty' : kind }
  })
}
const fence = /^\s*```/u

/** A clear-signed mail (OpenPGP) without the lines around its words. */
function withoutArmour(text: string): string {
  const begin = text.indexOf('-----BEGIN PGP SIGNED MESSAGE-----')
  if (begin < 0) return text
  const words = text.indexOf('\n\n', begin)
  const end = text.indexOf('-----BEGIN PGP SIGNATURE-----', begin)
  if (words < 0 || end < words) return text
  return text.slice(0, begin) + text.slice(words + 2, end).replace(/^- (?=-)/gmu, '')
}

/** "On Monday, somebody <\na@b.c> wrote:" is one line that a mail program broke in up to four. */
function joinIntros(lines: readonly string[]): string[] {
  const joined: string[] = []
  for (let i = 0; i < lines.length; i += 1) {
    const here = lines[i] ?? ''
    const most = opens.test(here) || /<\s*$/u.test(here) || /^\s*\S.*<[^<>@\s]+@[^<>\s]+>/u.test(here) ? 3 : 0
    let taken = 0
    for (let n = 1; n <= most && kindOf(here) !== 'intro'; n += 1) {
      const next = lines[i + n]
      if (next === undefined || next.trim() === '') break
      const candidate = [here, ...lines.slice(i + 1, i + n + 1).map((l) => l.replace(/^[\s>]+/u, ''))].join(' ')
      if (candidate.length < 400 && kindOf(candidate) === 'intro') {
        joined.push(candidate)
        taken = n
        break
      }
    }
    if (taken === 0) joined.push(here)
    i += taken
  }
  return joined
}
const opens = /^[>\s*]*(?:on|am|le|il|el|em|op|den|dnia|w dniu|в|at|在|於|于|\d{1,4}[-/.年]|\d{1,2}\s\p{L})/iu

/** A header's value may run over lines; the lines between two headers belong to them. */
function joinHeaders(lines: readonly Line[]): Line[] {
  return lines.map((line, i) => {
    if (line.kind !== 'text' || lines[i - 1]?.kind !== 'header') return line
    const next = lines.slice(i + 1, i + 3).findIndex((l) => l.kind === 'header')
    const between = next < 0 ? [] : lines.slice(i + 1, i + 1 + next)
    return next >= 0 && between.every((l) => l.kind === 'text') && runOfHeaders(lines, i - 1)
      ? { ...line, kind: 'header' }
      : line
  })
}
const runOfHeaders = (lines: readonly Line[], at: number) =>
  lines.slice(Math.max(0, at - 3), at + 5).filter((l) => l.kind === 'header').length >= 3

/** Where a block of header lines begins: three of them, or two under a rule or a mark. */
function headerBlockAt(lines: readonly Line[], from = 0): number {
  for (let i = from; i < lines.length; i += 1) {
    if (lines[i]?.kind !== 'header') continue
    const before = lines.slice(Math.max(0, i - 3), i).findLast((l) => l.kind !== 'empty')?.kind
    const count = lines.slice(i, i + 8).filter((l) => l.kind !== 'empty')
    const run = count.findIndex((l) => l.kind !== 'header')
    const headers = run < 0 ? count.length : run
    if (headers >= 3 || (headers >= 2 && (before === 'rule' || before === 'mark'))) return i
  }
  return -1
}

/** What is passed on: the words of the one who passes it on are kept with it where they are few. */
function forwardOf(whole: string, lines: readonly Line[], subject: string): string | null {
  const marked = lines.findIndex((l) => l.kind === 'mark' && passes.test(l.text))
  const start = marked >= 0 ? marked : saysForwarded(subject) ? headerBlockAt(lines) : -1
  if (start < 0) return null
  const beside = words(withoutSignature(lines.slice(0, start).filter((l) => l.kind !== 'quote')))
  if (beside === '' && lines.slice(0, start).every((l) => l.kind === 'empty'))
    return innerOf(lines, start) ?? whole.trim()
  return columns(beside) <= littleBesideForward ? whole.trim() : null
}
const passes =
  /forward|weitergeleitet|transféré|réexpédié|reenviado|encaminhada|inoltrato|doorgestuurd|przekazana|пересылаем|转发|轉寄|轉發|転送|전달/iu
const columns = (text: string) =>
  [...text].reduce(
    (sum, c) => sum + (/[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60]/u.test(c) ? 2 : 1),
    0,
  )

/** Nothing beside what is passed on: it is the text, without its header lines. */
function innerOf(lines: readonly Line[], start: number): string | null {
  let i = start
  while (i < lines.length && ['mark', 'header', 'empty', 'rule'].includes(lines[i]?.kind ?? '')) i += 1
  const quotedForward = lines.slice(i).every((l) => l.kind === 'quote' || l.kind === 'empty')
  const inner = words(lines.slice(i))
  return inner === '' || quotedForward ? null : inner
}

/** Cuts at where what is quoted begins, unless the author goes on below it. */
function withoutQuoted(lines: readonly Line[]): Line[] {
  const below = answerBelow(lines)
  if (below !== null) return below
  const kept = lines.slice(0, cutAt(lines))
  const answered = hasText(kept) ? trimTail(kept) : kept
  return answered.filter((l) => l.kind !== 'intro' && l.kind !== 'mark')
}

/** First all that is quoted, then the answer to it. */
function answerBelow(lines: readonly Line[]): Line[] | null {
  const filled = lines.filter((l) => l.kind !== 'empty')
  if (filled[0]?.kind !== 'intro' || filled[1]?.kind !== 'quote') return null
  const lastQuote = lines.findLastIndex((l) => l.kind === 'quote')
  const above = lines.slice(0, lastQuote).every((l) => ['empty', 'intro', 'quote', 'header'].includes(l.kind))
  const rest = lines.slice(lastQuote + 1)
  return above && hasText(rest) ? withoutQuoted(rest) : null
}

function cutAt(lines: readonly Line[]): number {
  const text = lines.findIndex((l) => l.kind === 'text')
  const after = (kind: LineKind) => lines.findIndex((l, i) => l.kind === kind && text >= 0 && i > text)
  const block = headerBlockAt(lines)
  const header = text >= 0 && block > text ? block : -1
  const rule = lines.findIndex((l, i) => l.kind === 'rule' && text >= 0 && i > text && endsAt(lines, i))
  const end = Math.min(firstOf([after('mark'), after('sign'), header, rule]), lines.length)
  const intro = after('intro')
  if (intro < 0 || intro >= end) return end
  return goesOn(lines.slice(0, intro), lines.slice(intro + 1, end)) ? end : intro
}

/**
 * Whether the author goes on below the quote. Who has said something above it and has only a few lines below one quote has
 * a signature there, unless the words above point down.
 */
function goesOn(above: readonly Line[], below: readonly Line[]): boolean {
  const kinds = below.map((l) => l.kind).filter((k) => k !== 'empty')
  const first = kinds.indexOf('quote')
  const after = first < 0 ? [] : kinds.slice(first)
  const texts = after.filter((k) => k === 'text').length
  if (texts === 0) return false
  const said = words(above.filter((l) => l.kind === 'text'))
  const oneQuote = after.findLastIndex((k) => k === 'quote') < after.indexOf('text')
  return !(oneQuote && texts < fewLines && columns(said) > greeting && !pointsDown.test(said))
}
const fewLines = 7
const greeting = 30
const pointsDown =
  /\b(?:below|inline|in-line|in between|in red|unten|unterhalb|ci-dessous|abajo|più sotto)\b|如下|以下|下方|下面|文中|紅字|红字|逐(?:一|項|项|條|条)|下記/iu

/** A line of dashes ends the mail where what follows is a signature, a header block or nothing; else it only divides. */
function endsAt(lines: readonly Line[], at: number): boolean {
  const after = lines.slice(at + 1).filter((l) => l.kind !== 'empty')
  if (after.length === 0 || ['header', 'mark', 'intro', 'quote', 'rule'].includes(after[0]?.kind ?? '')) return true
  if (lines.slice(0, at).some((l) => l.kind === 'rule')) return false
  return after.filter((l) => l.kind === 'text').length <= 8
}

/** Quotes, rules and empty lines at the end. */
function trimTail(lines: readonly Line[]): Line[] {
  const last = lines.findLastIndex((l) => l.kind === 'text' || l.kind === 'header')
  return lines.slice(0, last + 1)
}

function withoutSignature(lines: readonly Line[]): Line[] {
  return trimEnds(lines.filter((l) => l.kind !== 'phone'))
}

const trimEnds = (lines: readonly Line[]) =>
  lines.slice(0, lines.findLastIndex((l) => l.kind !== 'empty' && l.kind !== 'rule' && l.kind !== 'sign') + 1)
const hasText = (lines: readonly Line[]) => lines.some((l) => l.kind === 'text')
const words = (lines: readonly Line[]) =>
  lines
    .map((l) => l.text)
    .join('\n')
    .trim()
const firstOf = (found: readonly number[]) => Math.min(...found.filter((i) => i >= 0), Number.MAX_SAFE_INTEGER)
