// What the keys and buttons of the composer do to its text: places in, an edit out. No document, no state.

/** Replace `from`–`to` by `text`, then select `select`. UTF-16 places. */
export type Edit = {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly select: readonly [number, number]
}

/** Puts marks around the selection, or takes them away where they stand already. */
export function marked(text: string, from: number, to: number, mark: string): Edit {
  const n = mark.length
  const inside = text.slice(from, to)
  const around = text.slice(from - n, from) === mark && text.slice(to, to + n) === mark
  // One star inside two is no italic.
  const real = around && !(mark === '*' && text[from - 2] === '*')
  if (real) return { from: from - n, to: to + n, text: inside, select: [from - n, to - n] }
  return { from, to, text: `${mark}${inside}${mark}`, select: [from + n, to + n] }
}

/** A link of the selection; where nothing is selected its words stand to be written over. */
export function linked(text: string, from: number, to: number, address: string): Edit {
  const label = text.slice(from, to) || address
  return { from, to, text: `[${label}](${address})`, select: [from + 1, from + 1 + label.length] }
}

/** Begins each line of the selection with this mark, or takes it away where all have it. */
export function lined(text: string, from: number, to: number, mark: '- ' | '1. ' | '> '): Edit {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const stop = text.indexOf('\n', to)
  const end = stop < 0 ? text.length : stop
  const lines = text.slice(start, end).split('\n')
  const pattern = mark === '1. ' ? /^\d+\. / : mark === '- ' ? /^- / : /^> /
  const off = lines.every((line) => pattern.test(line))
  const next = lines
    .map((line, i) => (off ? line.replace(pattern, '') : `${mark === '1. ' ? `${i + 1}. ` : mark}${line}`))
    .join('\n')
  return { from: start, to: end, text: next, select: [start + next.length, start + next.length] }
}

/** Enter in a list or quote goes on with it; in an empty item it ends it. Undefined: an ordinary Enter. */
export function continued(text: string, at: number): Edit | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const line = text.slice(start, at)
  const found = /^( {0,3})(?:([-*•]) |(\d{1,4})([.)、]) ?|(> ?))/.exec(line)
  if (!found || (found[3] && !/^ {0,3}\d{1,4}(?:[.)] |、)/.test(line))) return undefined
  const [whole, indent = '', bullet, number, dot] = found
  if (line.length === whole.length) return { from: start, to: at, text: '', select: [start, start] }
  const mark = bullet ? `${bullet} ` : number ? `${Number(number) + 1}${dot} ` : whole.trimStart()
  const added = `\n${indent}${mark}`
  return { from: at, to: at, text: added, select: [at + added.length, at + added.length] }
}

/** The name being typed after an @, where the caret stands in one: nothing else looks like it. */
export function mentionAt(text: string, at: number): { readonly from: number; readonly query: string } | undefined {
  const found = /(?:^|[\s(（「，。、；：])[@＠]([^\s@＠]{0,20})$/u.exec(text.slice(0, at))
  return found ? { from: at - (found[1] ?? '').length - 1, query: found[1] ?? '' } : undefined
}

/** Those chosen whose names still stand in the text. */
export function stillNamed<P extends { readonly name: string }>(text: string, chosen: readonly P[]): P[] {
  return chosen.filter(({ name }) => text.includes(`@${name}`))
}
