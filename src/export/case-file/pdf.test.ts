import { expect, it } from 'vitest'
import type { CaseFile } from './document.ts'
import { pdfBytes } from './pdf.ts'

const words = '熱水壺第二次跳電，還燙到手。'
const fileOf = (entries: number, times: number): CaseFile => ({
  locale: 'zh-Hant',
  title: '客訴 R-2026-000123',
  organisation: '港灣家電',
  subject: '熱水壺跳電',
  made: [],
  pageOf: '第 {page} 頁，共 {pages} 頁',
  lacking: '{count}',
  blocks: Array.from({ length: entries }, (_, i) => ({
    kind: 'entry',
    tone: 'in',
    at: '2026-03-01 10:00',
    head: `第 ${i} 則`,
    text: words.repeat(times),
    small: [],
  })),
})

it('what is too long for a PDF is refused at once, before a thread works on it for minutes', async () => {
  await expect(pdfBytes(fileOf(5_000, 60))).rejects.toMatchObject({ refusal: { code: 'export.pdf-too-long' } })
})
