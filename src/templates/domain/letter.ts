import { hasMarkup, harmless, parseMarkup, plainMarkup } from '../../kit/pure/markup.ts'
import { escaped, htmlOf } from './html.ts'
import { fillEach, linesWithValues, subjectOf, type Template, type Values, valueOf } from './template.ts'

/** A mail as it leaves. */
export type Letter = { readonly subject: string; readonly text: string; readonly html: string }

/** Values that are words of ours in light markup; all others are plain words of whoever wrote them. */
const marked: ReadonlySet<string> = new Set(['text'])

/**
 * The mail of a template and its values. Values are put in after the marks of the template were read, so that nothing in a
 * value is a mark, a name or HTML; only the words of a reply are read as the markup they were written in.
 */
export function letterOf(template: Template, given: Values, locale: string): Letter {
  const values = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, harmless(value)]))
  const lines = linesWithValues(template.body, values)
  return {
    subject: subjectOf(template, values),
    text: `${fillEach(plainOf(lines), (name) => plainValue(name, valueOf(values, name)))}\n`,
    html: page(
      fillEach(htmlOf(parseMarkup(lines)), (name) => htmlValue(name, valueOf(values, name))),
      locale,
    ),
  }
}

/** The marks of the template taken away, its line of two dashes and its names left as they are. */
const plainOf = (lines: string) =>
  // With the space by which mail programs know a signature.
  (hasMarkup(lines) ? plainMarkup(parseMarkup(lines)) : lines).replace(/^--[ \t]*$/m, '-- ')

function plainValue(name: string, value: string): string {
  return marked.has(name) && hasMarkup(value) ? plainMarkup(parseMarkup(value)) : value
}

function htmlValue(name: string, value: string): string {
  if (marked.has(name)) return htmlOf(parseMarkup(value))
  if (name === 'link' && /^https?:\/\/[^\s"<>]+$/.test(value))
    return `<a href="${escaped(value)}">${escaped(value)}</a>`
  return escaped(value).replaceAll('\n', '<br>')
}

function page(body: string, locale: string): string {
  return `<!doctype html><html lang="${escaped(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head><body style="margin:0;padding:16px;font:16px/1.6 system-ui,'PingFang TC','PingFang SC','Microsoft JhengHei','Microsoft YaHei',sans-serif"><div style="max-width:40em">${body}</div></body></html>`
}
