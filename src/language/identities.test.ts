import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normaliseMail, normaliseOrderNumber } from './identities.ts'
import { normalisePhone, phoneSuffixes } from './phones.ts'

describe('one person writes an identity in many ways', () => {
  test.each([
    ['Mei.Lin@Shop.com.tw', 'mei.lin@shop.com.tw'],
    [' Mei-Lin Chen <MeiLin@shop.com> ', 'meilin@shop.com'],
    ['mailto:a+tag@x.com', 'a+tag@x.com'],
    ['ａ＠ｘ．ｃｏｍ', 'a@x.com'],
    ['a@例子.台灣', 'a@xn--fsqu00a.xn--kpry57d'],
    ['a@xn--fsqu00a.xn--kpry57d', 'a@xn--fsqu00a.xn--kpry57d'],
    ['a\u200b@x.com', 'a@x.com'],
    ['a@b', null],
    ['a@1.2.3.4', null],
    ['a b@x.com', null],
    ['@x.com', null],
    ['a@x.com/path', null],
    ['', null],
  ])('mail %j is %j', (raw, mail) => {
    expect(normaliseMail(raw)?.mail ?? null).toBe(mail)
  })

  test.each([
    ['0912-345-678', '+886912345678', null],
    ['＋８８６ ９１２ ３４５ ６７８', '+886912345678', null],
    ['00886912345678', '+886912345678', null],
    ['(02) 2345-6789 分機 123', '+886223456789', '123'],
    ['138 1234 5678', '+8613812345678', null],
    ['9123 4567', '+85291234567', null],
    ['+44 20 7946 0958', '+442079460958', null],
    ['12', null, null],
    ['沒有電話', null, null],
  ])('telephone %j is %j', (raw, e164, extension) => {
    const phone = normalisePhone(raw)
    expect(phone?.e164 ?? null).toBe(e164)
    expect(phone?.extension ?? null).toBe(extension)
  })

  test('a number is read in the regions asked, in their order', () => {
    expect(normalisePhone('020 7946 0958', ['GB'])?.e164).toBe('+442079460958')
  })

  test('a telephone number is found by its last four to eight digits', () => {
    expect(phoneSuffixes('+886 912-345-678').map((s) => s.length)).toEqual([3, 4, 5, 6, 7, 8, 9])
    expect(phoneSuffixes('+886 912-345-678').at(0)).toBe('678')
    expect(phoneSuffixes('12')).toEqual([])
  })

  test.each([
    ['tw-00 12', 'TW0012'],
    ['ＴＷ－００１２', 'TW0012'],
    ['#A/12.3', 'A123'],
    ['訂單', null],
    ['1'.repeat(65), null],
  ])('order number %j is %j', (raw, number) => {
    expect(normaliseOrderNumber(raw)).toBe(number)
  })

  test('nothing throws, and a normal form is its own normal form', () => {
    const raw = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'aA@.+-09 <>例。＠\0\ud800') }),
      fc.emailAddress(),
    )
    fc.assert(
      fc.property(raw, (text) => {
        const mail = normaliseMail(text)
        if (mail) expect(normaliseMail(mail.mail)).toEqual(mail)
        const phone = normalisePhone(text)
        if (phone) expect(normalisePhone(phone.e164)?.e164).toBe(phone.e164)
        const order = normaliseOrderNumber(text)
        if (order !== null) expect(normaliseOrderNumber(order)).toBe(order)
      }),
    )
  })
})
