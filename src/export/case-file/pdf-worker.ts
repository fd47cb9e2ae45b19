import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { readFileSync } from 'node:fs'
import pdfmake from 'pdfmake'
import type { Block, CaseFile } from './document.ts'
import { pdfOf } from './pdf-document.ts'

// A thread of its own (pdf.ts): laying out thousands of entries takes seconds, and what hangs costs this file alone.

const home = '@expo-google-fonts/noto-sans-sc'
const here = createRequire(import.meta.url)
const path = (name: string) => here.resolve(`${home}/${name}`)
/** The reader of fonts that pdfmake itself uses. */
const fontkit = createRequire(createRequire(here.resolve('pdfmake')).resolve('pdfkit'))('fontkit') as {
  create(font: Buffer): { readonly characterSet: readonly number[] }
}
const fonts = { normal: path('400Regular/NotoSansSC_400Regular.ttf'), bold: path('700Bold/NotoSansSC_700Bold.ttf') }

const file = workerData as CaseFile
const { covered, lacking } = coverage(readFileSync(fonts.normal))
const shown = mapTexts(file, covered)
const lacks = lacking()
const whole: CaseFile =
  lacks === 0
    ? shown
    : {
        ...shown,
        blocks: [...shown.blocks, { kind: 'text', text: file.lacking.replace('{count}', String(lacks)), quiet: true }],
      }

// Nothing is ever loaded: the definition holds texts alone, and the two fonts are ours.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((wanted) => Object.values(fonts).includes(wanted))
pdfmake.setFonts({ Han: { ...fonts, italics: fonts.normal, bolditalics: fonts.bold } })
const bytes = await pdfmake.createPdf(pdfOf(whole)).getBuffer()
const plain = new Uint8Array(bytes)
parentPort?.postMessage(plain, [plain.buffer])

/** Characters the font does not have become a box; those that nobody sees go. */
function coverage(font: Buffer): { covered(text: string): string; lacking(): number } {
  const known = new Set(fontkit.create(font).characterSet)
  let count = 0
  return {
    lacking: () => count,
    covered: (text) =>
      text
        .replaceAll(/\r\n|\r/g, '\n')
        .replaceAll(/(?![\n])[\p{Cc}\p{Cf}\uFE00-\uFE0F]/gu, (c) => (c === '\t' ? '    ' : ''))
        .replaceAll(/\P{Cc}/gu, (c) => {
          if (known.has(c.codePointAt(0) ?? 0)) return c
          count += 1
          return '□'
        }),
  }
}

/** Every text of the file, wherever it stands. */
function mapTexts(given: CaseFile, map: (text: string) => string): CaseFile {
  const block = (b: Block): Block => mapped(b, map) as Block
  const { title, organisation, subject, made } = given
  return {
    ...given,
    title: map(title),
    organisation: map(organisation),
    subject: map(subject),
    made: made.map(map),
    blocks: given.blocks.map(block),
  }
}

function mapped(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((v) => mapped(v, map))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([k, v]) => [k, k === 'kind' || k === 'tone' ? v : mapped(v, map)]),
  )
}
