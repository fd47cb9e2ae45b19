import { safeHref } from '../../kit/pure/markup.ts'

/** Pasted HTML as light markup; undefined where the plain text beside it says as much. Nothing of it is ever run. */
export function markupOfHtml(html: string): string | undefined {
  if (html.length > 500_000 || !/<(b|strong|i|em|a|ul|ol|blockquote)\b/i.test(html)) return undefined
  // A document of its own: no script runs, no picture is fetched.
  const page = new DOMParser().parseFromString(html, 'text/html')
  const text = blocksOf(page.body, '')
    .replaceAll('\u00a0', ' ')
    .replaceAll(/[ \t]+\n/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  return text === '' ? undefined : text
}

const breaking = /^(P|DIV|SECTION|ARTICLE|H[1-6]|TR|TABLE|HEADER|FOOTER)$/
const silent = /^(SCRIPT|STYLE|TITLE|HEAD|TEMPLATE|META|LINK|NOSCRIPT)$/

function blocksOf(node: Node, prefix: string): string {
  let text = ''
  node.childNodes.forEach((child) => {
    text += ofNode(child, prefix)
  })
  return text
}

function ofNode(node: Node, prefix: string): string {
  if (node.nodeType === Node.TEXT_NODE) return (node.textContent ?? '').replaceAll(/\s+/g, ' ')
  if (!(node instanceof Element) || silent.test(node.tagName)) return ''
  const inside = () => blocksOf(node, prefix)
  switch (node.tagName) {
    case 'B':
    case 'STRONG':
      return around('**', inside())
    case 'I':
    case 'EM':
      return around('*', inside())
    case 'BR':
      return '\n'
    case 'A':
      return linkOf(node, inside())
    case 'UL':
    case 'OL':
      return `\n${itemsOf(node)}\n`
    case 'BLOCKQUOTE':
      return `\n${inside()
        .trim()
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n')}\n\n`
    default:
      return breaking.test(node.tagName) ? `${inside().trim()}\n\n` : inside()
  }
}

function itemsOf(list: Element): string {
  const ordered = list.tagName === 'OL'
  return [...list.children]
    .filter((item) => item.tagName === 'LI')
    .map(
      (item, i) =>
        `${ordered ? `${i + 1}.` : '-'} ${blocksOf(item, '')
          .trim()
          .replaceAll(/\s*\n+\s*/g, ' ')}`,
    )
    .join('\n')
}

function around(mark: string, text: string): string {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.includes('\n') || trimmed.includes('*')) return text
  return text.replace(trimmed, `${mark}${trimmed}${mark}`)
}

function linkOf(node: Element, label: string): string {
  const href = safeHref(node.getAttribute('href') ?? '')
  const words = label.trim()
  if (!href || words === '') return label
  return words === href || /[[\]\n]/.test(words) || /[()]/.test(href)
    ? words === href
      ? href
      : `${words} (${href})`
    : `[${words}](${href})`
}
