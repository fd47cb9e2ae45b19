/** HTML that was made by `html` and may be put into a page as it is. */
export class Safe {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
  toString(): string {
    return this.markup
  }
}

/** What may stand in a template: texts are escaped; false, null and undefined leave nothing; lists are joined. */
export type Content = Safe | string | number | boolean | null | undefined | readonly Content[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => entities[c] ?? c)
}

/** `html\`<p title="${text}">${text}</p>\``: every value is escaped unless it is itself `Safe`. Quote all attributes. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Safe {
  return new Safe(parts.reduce((page, part, i) => page + markupOf(values[i - 1]) + part))
}

function markupOf(value: Content): string {
  if (value instanceof Safe) return value.markup
  if (Array.isArray(value)) return value.map(markupOf).join('')
  if (value === null || value === undefined || typeof value === 'boolean') return ''
  return escapeHtml(String(value))
}

/** Text with its line breaks kept; nothing in it becomes a link, a picture or markup. */
export function lines(text: string): Safe {
  return new Safe(text.split('\n').map(escapeHtml).join('<br>'))
}
