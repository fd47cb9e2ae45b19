import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

// docs/design.md says of the code only what the code says.

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = join(root, 'docs/design.md')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const theme = read('src/web/ui/theme.css')
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.css'))
const styles = files.filter((f) => !f.startsWith('portal')).map((f) => read(join('src', f)))

/** The tokens a selector of the theme sets. */
function tokens(selector: string): Map<string, string> {
  const from = theme.indexOf(`\n${selector} {`)
  if (from < 0) throw new Error(`no ${selector} in the theme`)
  const block = theme.slice(from, theme.indexOf('\n}', from))
  return new Map([...block.matchAll(/--([\w-]+): ([^;]+);/g)].map((m) => [m[1] ?? '', m[2] ?? '']))
}
const light = tokens(':root')
const dark = new Map([...light, ...tokens(':root[data-mantine-color-scheme="dark"]')])
const more = new Map([...light, ...tokens(':root[data-contrast="more"]')])
const moreDark = new Map([...dark, ...tokens(':root[data-contrast="more"][data-mantine-color-scheme="dark"]')])
const meaning: Readonly<Record<string, string>> = {
  bg: 'the ground of the desk',
  pane: 'paper: what is read and written on',
  sunk: 'beside the matter: quotes, tags, hovered rows',
  line: 'between things',
  'line-strong': 'around what one can write in or press',
  ink: 'text',
  ink2: 'text beside text',
  ink3: 'the quietest text',
  acc: 'what you can do, and where you are',
  'acc-hover': 'the same under the pointer',
  'acc-ink': 'text on it',
  'acc-soft': 'chosen',
  late: 'late, dangerous, refused',
  'late-soft': 'its ground',
  soon: 'soon, missing, to be looked at',
  'soon-soft': 'its ground',
  note: 'internal: not for the complainant',
  'note-line': 'its dashed line',
  ok: 'established, kept, done',
  sel: 'the open row',
  shade: 'behind what lies over the desk',
}

const colours = [
  '| token | means | light | dark | high contrast | high contrast, dark |',
  '|---|---|---|---|---|---|',
  ...Object.entries(meaning).map(
    ([name, means]) =>
      `| \`--${name}\` | ${means} | ${[light, dark, more, moreDark].map((t) => `\`${t.get(name)}\``).join(' | ')} |`,
  ),
].join('\n')

function sizes(): string {
  const all = [...styles.join('\n').matchAll(/font(?:-size)?: ([\d.]+)px/g)].map(([, px]) => Number(px))
  return [...new Set(all)].sort((a, b) => a - b).join(' · ')
}

describe('docs/design.md', () => {
  it.each([
    ['colours', () => colours],
    ['sizes', sizes],
  ])('has the %s of the style sheets', (name, table) => {
    const text = readFileSync(page, 'utf8')
    const [before = '', rest = ''] = text.split(`<!-- ${name} -->`)
    const [now = '', after = ''] = rest.split(`<!-- /${name} -->`)
    if (process.env.REDRESS_WRITE)
      writeFileSync(page, `${before}<!-- ${name} -->\n${table()}\n<!-- /${name} -->${after}`)
    else expect(now.trim(), 'else: REDRESS_WRITE=1 npx vitest run test/sweeps/design.test.ts').toBe(table())
  })

  it('gives every colour its one meaning', () => {
    expect(Object.keys(meaning).sort()).toEqual([...light.keys()].filter((k) => k !== 'font' && k !== 'r').sort())
  })

  it('names every component there is, and none that is not', () => {
    const there = readdirSync(join(root, 'src/web/ui')).filter((f) => f.endsWith('.tsx'))
    const named = [...readFileSync(page, 'utf8').matchAll(/^\| `([\w-]+\.tsx)`/gm)].map((m) => m[1])
    expect(named.sort()).toEqual(there.sort())
  })
})

describe('colours', () => {
  it('have names: no screen writes one of its own', () => {
    const wild = files
      // Printed pages are paper, whatever the theme.
      .filter((f) => !f.startsWith('portal') && !f.endsWith('theme.css') && !f.endsWith('print.css'))
      .flatMap((f) => [...read(join('src', f)).matchAll(/#[0-9a-f]{3,8}\b|rgb\(/gi)].map((m) => `${f}: ${m[0]}`))
    // Paper and codes for telephones are black on white, whatever the theme.
    expect(wild.filter((w) => !/#(fff|000)$/.test(w))).toEqual([])
  })

  const texts = ['ink', 'ink2', 'ink3', 'acc', 'late', 'soon', 'ok'] as const
  it.each([
    ['light', light, 4.5],
    ['dark', dark, 4.5],
    ['high contrast', more, 7],
    ['high contrast, dark', moreDark, 7],
  ] as const)('%s: text is read on every ground it stands on', (_name, set, least) => {
    const poor = texts.flatMap((text) =>
      ['bg', 'pane', 'sunk'].flatMap((ground) => {
        const ratio = contrast(set.get(text) ?? '', set.get(ground) ?? '')
        return ratio < least ? [`${text} on ${ground}: ${ratio.toFixed(2)}`] : []
      }),
    )
    expect(poor).toEqual([])
    const on = contrast(set.get('acc-ink') ?? '', set.get('acc') ?? '')
    expect(on, 'text on a filled button').toBeGreaterThanOrEqual(least)
    if (least === 7) expect(contrast(set.get('line') ?? '', set.get('pane') ?? ''), 'lines').toBeGreaterThanOrEqual(3)
  })
})

/** WCAG 2.2 contrast of two hexadecimal colours. */
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}
function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.slice(1).replaceAll(/./g, '$&$&') : hex.slice(1)
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((i) => {
    const c = Number.parseInt(full.slice(i, i + 2), 16) / 255
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
