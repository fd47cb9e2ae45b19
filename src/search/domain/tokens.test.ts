import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../../kit/pure/text-fold.ts'
import { matches, meets } from './matching.ts'
import { indexLexemes, lexemeList, queryTerms, toTsqueryText, toTsvectorText } from './tokens.ts'

describe('what staff type finds what customers wrote', () => {
  test.each([
    ['我要申請退款單據', '退款單', true],
    ['我要申請退款單據', '退款单据', true],
    ['我要申请退款单据', '退款單據', true],
    ['退款。單據', '退款單據', false],
    ['款單在前，退款在後', '退款單', false],
    ['退款 運費', '運費 退款', true],
    ['服務態度很差', '差', true],
    ['服務態度很差', '好', false],
    ['退款單'.repeat(400), '單退款', true],
    ['哈'.repeat(3000), '哈哈哈', true],
    ['𠮷野家𠮷野家', '野家𠮷野', true],
    ['The refunds were late', 'refund', true],
    ['The refund was late', 'REFUNDS', true],
    ['Two policies', 'policy late', false],
    ['Two policies', 'compan', false],
    ['Two companies', 'two compan', true],
    ['I don’t know', "don't", true],
    ['案號 R-2026-000123 進度', 'r-2026-000123', true],
    ['案號 R-2026-000123 進度', 'Ｒ－２０２６－１２３', true],
    ['案號 R-2026-000123 進度', '123', true],
    ['案號 R-2026-000123 進度', '000123', true],
    ['案號 R-2026-000123 進度', 'R-2026-000124', false],
    ['信箱 Mei.Lin@shop.com.tw，謝謝', 'mei.lin@shop.com.tw', true],
    ['信箱 Mei.Lin@shop.com.tw，謝謝', 'shop', true],
    ['信箱 Mei.Lin@shop.com.tw，謝謝', 'lin@shop.com.tw', false],
    ['電話0912-345-678', '0912345678', true],
    ['電話0912-345-678', '+886 912 345 678', true],
    ['電話+886912345678', '0912-345-678', true],
    ['電話0912-345-678', '5678', true],
    ['電話0912-345-678', '345678', true],
    ['電話0912-345-678', '0912345679', false],
    ['付了 NT$1,234.50', '1234', true],
    ['付了 1234 元', '1,234', true],
    ['2026-11-22 下單', '2026/11/22', true],
    ['2026-11-22 下單', '2026-11-22', true],
    ["a 5'0,000 b", "5'0,000", true],
    ['サービスが悪い', 'サービス', true],
    ['บริการแย่มาก', 'แย่', true],
  ])('%j by %j: %s', (text, query, found) => {
    expect(matches(text, query)).toBe(found)
  })

  test.each(['', '   ', '!!!', '&|!()<>:*', '%_', '\0', '😀'.repeat(10_000), '。，'])('%j finds nothing', (query) => {
    expect(toTsqueryText(query)).toBeNull()
  })

  test('an exact phrase stands beside the way in for rows whose positions PostgreSQL cannot keep', () => {
    expect(toTsqueryText('退款單')).toBe("('退款' <-> '款单' | '~' & '退款' & '款单')")
    expect(toTsqueryText('refunds poli')).toBe("('refunds' | 'refund') & 'poli':*")
  })
})

describe('any text can be stored and asked', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'\'"\\&|!()<>:*%\0 a退款1-@.+😀\ud800\n') }),
    fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
  )
  const lexeme = "'(?:[^'\\\\]|''|\\\\\\\\)+'"
  const vector = new RegExp(`^(?:${lexeme}(?::\\d+(?:,\\d+)*)?(?: |$))*$`)
  const query = new RegExp(`^(?:${lexeme}(?::\\*)?|[()]| (?:&|\\||<->) )+$`)

  test('the vector and the query are well formed', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(toTsvectorText(text)).toMatch(vector)
        const asked = toTsqueryText(text)
        if (asked !== null) expect(asked).toMatch(query)
        for (const [key, positions] of indexLexemes(text)) {
          expect(Buffer.byteLength(key)).toBeLessThan(2047)
          expect(key.isWellFormed() && !key.includes('\0')).toBe(true)
          expect(positions.length).toBeLessThan(256)
          for (const position of positions) expect(position).toBeLessThan(16384)
        }
      }),
    )
  })

  test('a text is found by itself when it is short enough to ask', () => {
    fc.assert(
      fc.property(
        hostile,
        (text) => queryTerms(text.slice(0, 100)).length === 0 || matches(text.slice(0, 100), text.slice(0, 100)),
      ),
    )
  })

  test('Chinese is found exactly where the folded text holds the words', () => {
    const han = (maxLength: number) => fc.string({ unit: fc.constantFrom(...'退款單单的，'), minLength: 1, maxLength })
    const term = fc.string({ unit: fc.constantFrom(...'退款單单的'), minLength: 1, maxLength: 5 })
    fc.assert(fc.property(han(60), term, (text, asked) => matches(text, asked) === fold(text).includes(fold(asked))))
  })

  const big = [..."aé1-@.,+😀哈ﷺ'\\ "].flatMap((a) => [...'1@- .退'].map((b) => [a + b] as const))
  test.each(big)('a megabyte of %j is digested, below 1 MB', (unit) => {
    const text = unit.repeat(500_000)
    expect(toTsvectorText(text).length).toBeLessThan(1_000_000)
    expect(toTsqueryText(text)?.length ?? 0).toBeLessThan(10_000)
  })
})

const words =
  '退款 投訴 態度 服務 客服 申請 補助 費用 繳費 停車 垃圾 噪音 罰單 違規 檢舉 稅 房屋 地價稅 牌照 戶籍 身分證 健保 醫院 疫苗 學校 老師 兒童 老人 長照 公車 捷運 道路 路燈 水溝 樹木 公園 電話 網站 系統 帳號 密碼 文件 證明 期限 逾期 賠償 保險 契約 消費 食品 衛生 好食 唔好 等位 收費 抵食 餐廳 侍應 難食 味道 環境 蛋糕 咖啡 申請書 消費者保護 中低收入戶'.split(
    ' ',
  )
const faq = '../shared/data/zhtw_kaohsiung_faq/faq.jsonl'
const reviews = '../shared/data/zhhk_openrice/reviews.jsonl.gz'
const present = existsSync(faq) && existsSync(reviews)

describe.skipIf(!present)(
  `on real texts of Taiwan and Hong Kong${present ? '' : ' (skipped: ../shared/data is absent)'}`,
  () => {
    test('each of the domain words finds all that hold it, and nothing else', () => {
      const lines = (text: string) => text.split('\n').filter((line) => line !== '')
      const texts = [
        ...lines(readFileSync(faq, 'utf8'))
          .map((line) => JSON.parse(line))
          .map((row) => `${row.question}\n${row.answer}`),
        ...lines(gunzipSync(readFileSync(reviews)).toString('utf8')).map((line): string => JSON.parse(line).text),
      ]
      const folded = texts.map((text) => fold(text))
      const indexed = texts.map((text) => indexLexemes(text))
      let hits = 0
      for (const word of words) {
        const terms = queryTerms(word)
        const expected = folded.flatMap((text, i) => (text.includes(fold(word)) ? [i] : []))
        expect(
          indexed.flatMap((lexemes, i) => (meets(lexemes, terms) ? [i] : [])),
          word,
        ).toEqual(expected)
        hits += expected.length
      }
      console.log(`${words.length} words, ${texts.length} texts, ${hits} hits: recall 1, precision 1`)
      expect(hits).toBeGreaterThan(words.length)
    })
  },
)

test('the lexemes of a row are few: no position for single characters, suffixes for telephone numbers only', () => {
  expect(lexemeList('退款單 12345')).toEqual(['退', '款', '退款', '单', '款单', '12345'])
})
