import sanitize from 'sanitize-html'
import { cleanText } from '../../kit/pure/text.ts'

const styles = {
  color: [/^#[0-9a-f]{3,8}$/iu, /^rgba?\([\d\s,.%]+\)$/iu, /^[a-z]{3,20}$/iu],
  'background-color': [/^#[0-9a-f]{3,8}$/iu, /^rgba?\([\d\s,.%]+\)$/iu, /^[a-z]{3,20}$/iu],
  'text-align': [/^(?:left|right|center|justify)$/u],
  'font-weight': [/^(?:normal|bold|[1-9]00)$/u],
  'font-style': [/^(?:normal|italic)$/u],
  'text-decoration': [/^(?:none|underline|line-through)$/u],
}

const options: sanitize.IOptions = {
  allowedTags: [
    ...'a abbr b blockquote br center cite code col colgroup dd del div dl dt em figure figcaption font h1 h2 h3 h4 h5 h6 hr i img'.split(
      ' ',
    ),
    ...'ins li ol p pre q s small span strike strong sub sup table tbody td tfoot th thead tr u ul'.split(' '),
  ],
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'title',
    'head',
    'xmp',
    'template',
    'svg',
    'math',
    'object',
    'iframe',
  ],
  allowedAttributes: {
    a: ['href', 'title', 'rel'],
    img: ['src', 'data-remote-src', 'alt', 'width', 'height'],
    font: ['color'],
    td: ['colspan', 'rowspan', 'align', 'valign'],
    th: ['colspan', 'rowspan', 'align', 'valign'],
    ol: ['start', 'type'],
    '*': ['style', 'dir', 'lang'],
  },
  allowedStyles: { '*': styles },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['cid'] },
  allowProtocolRelative: false,
  nestingLimit: 200,
  transformTags: {
    img: (tagName, attribs) => ({ tagName, attribs: pictureOf(attribs) }),
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'noopener noreferrer nofollow' } }),
  },
}

/** Pictures from elsewhere tell the sender who read them: their address is kept aside, to be loaded by a press. */
function pictureOf({ src = '', ...others }: sanitize.Attributes): sanitize.Attributes {
  const url = src.trim()
  if (/^cid:/iu.test(url)) return { ...others, src: url }
  return /^https?:\/\//iu.test(url) ? { ...others, 'data-remote-src': url.slice(0, 4_000) } : others
}

/** Longer or deeper HTML is not shown as such; its words are. Making a megabyte harmless takes about a second. */
const longestHtml = 1024 * 1024
const deepestHtml = 20_000

/**
 * HTML of a mail made harmless: no scripts, styles, forms or frames, links that only lead, pictures only from the mail itself.
 * Null where it is too long or too deep, or nothing is left.
 */
export function cleanHtml(html: string): string | null {
  if (html.length > longestHtml || depthOf(html) > deepestHtml) return null
  const clean = sanitize(cleanText(html).text, options).trim()
  return clean === '' ? null : clean
}

/** Elements open at once, at most; those that need no end are not counted. */
function depthOf(html: string): number {
  let depth = 0
  let deepest = 0
  for (const [, closing, tag = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/giu)) {
    if (/^(?:br|img|hr|p|li|td|tr|th|meta|link|input|col)$/iu.test(tag)) continue
    depth = Math.max(0, depth + (closing === '' ? 1 : -1))
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

/** HTML that nobody will show, for `textOfHtml`: without scripts, styles and comments. Linear, whatever it holds. */
export function roughText(html: string): string {
  let out = ''
  let at = 0
  const hidden = /<(?:!--|script\b|style\b|head\b|title\b|textarea\b|svg\b)/giu
  for (let found = hidden.exec(html); found !== null; found = hidden.exec(html)) {
    out += html.slice(at, found.index)
    const end = found[0] === '<!--' ? '-->' : `</${found[0].slice(1).toLowerCase()}`
    const closing = new RegExp(end, 'giu')
    closing.lastIndex = found.index
    const close = closing.exec(html)
    at = close ? html.indexOf('>', close.index) + 1 : html.length
    if (at === 0) at = html.length
    hidden.lastIndex = at
  }
  return out + html.slice(at)
}

const blocks = new Set(
  'p div table tr ul ol dl dd dt h1 h2 h3 h4 h5 h6 blockquote pre center figure figcaption hr'.split(' '),
)
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' }

/**
 * The words of harmless HTML (as `cleanHtml` gives it): blocks on lines of their own, quotes behind `>`, lists with
 * dashes, links with where they lead. One pass, whatever the depth.
 */
export function textOfHtml(html: string): string {
  const out = new Lines()
  const links: { href: string; from: number }[] = []
  for (const [, closing, written, attributes = '', text] of html.matchAll(
    /<(\/?)([a-z][a-z0-9]*)([^<>]*)>|([^<]+)/giu,
  )) {
    const tag = written?.toLowerCase()
    if (text !== undefined) out.say(decode(text))
    else if (tag === 'br') out.line()
    else if (tag === 'blockquote') out.quote(closing === '' ? 1 : -1)
    else if (tag === 'li') out.item(closing === '')
    else if (tag === 'hr') out.rule()
    else if (tag === 'td' || tag === 'th') out.say(closing ? ' ' : '')
    else if (tag === 'a' && !closing)
      links.push({ href: decode(/ href="([^"]*)"/u.exec(attributes)?.[1] ?? ''), from: out.length })
    else if (tag === 'a') out.link(links.pop())
    else if (tag === 'p' || /^h\d$/u.test(tag ?? '')) out.paragraph()
    else if (blocks.has(tag ?? '')) out.block()
  }
  return out.text()
}

const decode = (text: string) =>
  text
    .replace(/&(amp|lt|gt|quot|nbsp);/giu, (_whole, name: string) => entities[name.toLowerCase()] ?? '')
    .replaceAll('\u00a0', ' ')

/** Lines being written, each behind the marks of the quote it stands in. A line is kept in pieces: one may be a megabyte. */
class Lines {
  private readonly done: string[] = []
  private here: string[] = []
  private open = true
  private depth = 0
  private gap = false
  length = 0

  say(words: string): void {
    const flat = words.replace(/\s+/gu, ' ')
    const joined = this.open ? flat.trimStart() : flat
    if (joined === '') return
    this.here.push(joined)
    this.open = joined.endsWith(' ')
    this.length += joined.length
  }
  line(): void {
    const prefix = this.depth > 0 ? `${'>'.repeat(Math.min(this.depth, 20))} ` : ''
    this.done.push((prefix + this.here.join('')).trimEnd())
    this.begin('')
    this.gap = false
  }
  block(): void {
    if (this.here.some((piece) => piece.trim() !== '')) this.line()
    this.begin('')
  }
  paragraph(): void {
    this.block()
    if (!this.gap && this.done.length > 0) this.line()
    this.gap = true
  }
  item(opens: boolean): void {
    this.block()
    if (opens) this.begin('- ')
  }
  rule(): void {
    this.block()
    this.begin('________________________________')
    this.line()
  }
  quote(step: 1 | -1): void {
    this.block()
    this.depth = Math.max(0, this.depth + step)
  }
  /** Where a link leads, unless its words say so. */
  link(open: { href: string; from: number } | undefined): void {
    if (!open || open.href === '' || this.length === open.from) return
    const words = this.here
      .slice(-20)
      .join('')
      .slice(open.from - this.length)
    const bare = open.href.replace(/^(?:mailto:|tel:|https?:\/\/)/iu, '').replace(/\/$/u, '')
    if (!words.includes(bare)) this.say(` <${open.href}>`)
  }
  text(): string {
    this.block()
    return this.done
      .join('\n')
      .replace(/\n{3,}/gu, '\n\n')
      .trim()
  }
  private begin(mark: string): void {
    this.here = mark === '' ? [] : [mark]
    this.open = true
  }
}
