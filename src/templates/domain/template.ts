/** Which mail it is a template of. */
export const templateKinds = ['acknowledgement', 'reply', 'notice'] as const
export type TemplateKind = (typeof templateKinds)[number]

/** Words with `{{names}}` in them; the body is light markup (`kit/pure/markup.ts`). */
export type Template = { readonly subject: string; readonly body: string }

const everywhere = ['number', 'reference', 'title', 'organisation', 'mailbox', 'signature', 'link'] as const

/** What may stand between `{{` and `}}`. */
export const namesOf: Readonly<Record<TemplateKind, readonly string[]>> = {
  acknowledgement: [...everywhere, 'points', 'owner', 'team', 'promised', 'name'],
  reply: [...everywhere, 'text', 'name'],
  notice: ['text', 'organisation', 'mailbox', 'signature'],
}

const placeholder = /\{\{([^{}]*)\}\}/g

/** Placeholders that mean nothing in this kind of mail, braces that are not closed included; each once. */
export function unknownNames(kind: TemplateKind, { subject, body }: Template): string[] {
  const known = new Set(namesOf[kind])
  const found = [subject, body].flatMap((text) => {
    const named = [...text.matchAll(placeholder)].map((m) => (m[1] ?? '').trim()).filter((name) => !known.has(name))
    return text.replaceAll(placeholder, '').includes('{{') ? [...named, '{{'] : named
  })
  return [...new Set(found)]
}

/** What a name stands for; '' for nothing. */
export type Values = Readonly<Record<string, string>>

/**
 * The lines of a body in which every name has something to say: a line with a name that has not is left out, and with it a line
 * that only announces it ("…:").
 */
export function linesWithValues(body: string, values: Values): string {
  const said = (line: string) => [...line.matchAll(placeholder)].every((m) => valueOf(values, m[1]) !== '')
  const left = (below: readonly string[]) => {
    const end = below.findIndex((line) => line.trim() === '')
    const paragraph = end < 0 ? below : below.slice(0, end)
    return paragraph.length > 0 && !paragraph.some(said)
  }
  return body
    .replaceAll(/\r\n?/g, '\n')
    .split('\n')
    .filter((line, i, lines) => said(line) && !(announces.test(line) && left(lines.slice(i + 1))))
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

const announces = /[:：]\s*$/

/** The value of a name; '' for one that is not there. */
export function valueOf(values: Values, name: string | undefined): string {
  const key = (name ?? '').trim()
  return Object.hasOwn(values, key) ? (values[key] ?? '').trim() : ''
}

/** Puts what each name stands for in its place, once: what stands in a value is never looked at again. */
export function fillEach(text: string, put: (name: string) => string): string {
  return text.replaceAll(placeholder, (_, name: string) => put(name.trim()))
}

const longestSubject = 200

/** One line for a header: no line ends or other controls can come out of it. */
export function subjectOf(template: Template, values: Values): string {
  const line = fillEach(template.subject, (name) => valueOf(values, name)).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
  return [...line.trim().replace(announces, '')].slice(0, longestSubject).join('')
}
