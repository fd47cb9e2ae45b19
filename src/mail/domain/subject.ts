const answered = 're|r|aw|antw|antwort|sv|vs|ref|rif|res|odp|ynt|回[复覆應应]|答[复覆]|返信'
const forwarded = 'fwd?|wg|tr|rv|enc|vl|i|doorst|转[发寄]|轉[發寄]|転送'
const count = '(?:\\s*[[(]\\d{1,3}[\\])])?'
const anyPrefix = new RegExp(
  `^\\s*(?:(?:${answered}|${forwarded})${count}\\s*[:：]|\\[(?:external|ext|外部)\\])\\s*`,
  'iu',
)
const forwardPrefix = new RegExp(
  `^\\s*(?:(?:${answered})${count}\\s*[:：]\\s*)*(?:${forwarded})${count}\\s*[:：]`,
  'iu',
)
const longest = 2_000

/** The subject without the marks of answering and forwarding (`Re:`, `回覆：`, `WG:`), however many there are. */
export function bareSubject(subject: string): string {
  let bare = subject.slice(0, longest)
  for (let next = bare.replace(anyPrefix, ''); next !== bare; next = bare.replace(anyPrefix, '')) bare = next
  return bare.replace(/\s+/gu, ' ').trim()
}

/** Whether the subject says that something is passed on. */
export function saysForwarded(subject: string): boolean {
  return forwardPrefix.test(subject.slice(0, longest))
}

/** Complaint numbers in a subject (`R-2026-000123`), in order, each once; digits of a longer number are none. */
export function numbersIn(subject: string): string[] {
  const found = subject
    .slice(0, longest)
    .normalize('NFKC')
    .matchAll(/(?<![\p{L}\p{N}-])R-(\d{4})-(\d{6,9})(?![\p{N}-])/giu)
  return [...new Set([...found].map(([, year, count]) => `R-${year}-${count}`))]
}
