import { describe, expect, it } from 'vitest'
import { bareSubject, numbersIn, saysForwarded } from './subject.ts'

describe('the subject of a mail', () => {
  it.each([
    ['Re: Broken kettle', 'Broken kettle'],
    ['RE: Re: re[4]: FW: Broken  kettle', 'Broken kettle'],
    ['回覆：退款', '退款'],
    ['答复: Re：退款', '退款'],
    ['轉寄: 回覆: 客訴', '客訴'],
    ['AW: WG: Kaputt', 'Kaputt'],
    ['[EXTERNAL] RE: Late', 'Late'],
    ['Refund: please', 'Refund: please'],
    ['Re', 'Re'],
    ['', ''],
  ])('%s is about %s', (subject, bare) => {
    expect(bareSubject(subject)).toBe(bare)
  })

  it.each([
    ['Fwd: Late', true],
    ['Re: Fw: Late', true],
    ['轉寄：客訴', true],
    ['转发: 投诉', true],
    ['WG: Kaputt', true],
    ['Re: Late', false],
    ['Forward planning', false],
  ])('%s is passed on: %s', (subject, forwarded) => {
    expect(saysForwarded(subject)).toBe(forwarded)
  })

  it.each([
    ['Re: [R-2026-000123] kettle', ['R-2026-000123']],
    ['回覆：您的申訴（R-2026-000123）', ['R-2026-000123']],
    ['ｒ－2026－000123', ['R-2026-000123']],
    ['R-2026-000123 and r-2026-000124, R-2026-000123', ['R-2026-000123', 'R-2026-000124']],
    ['order ER-2026-000123', []],
    ['R-2026-000123-7', []],
    ['order 2026-000123', []],
  ])('%s names %j', (subject, numbers) => {
    expect(numbersIn(subject)).toEqual(numbers)
  })

  it('reads a megabyte at once', () => {
    expect(bareSubject('Re: '.repeat(250_000)).length).toBeLessThan(10)
  })
})
