import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import ofMail from '../../mail/locales/zh-Hant.json' with { type: 'json' }
import hant from '../../web/locales/zh-Hant.json' with { type: 'json' }
import { absolute } from '../../web/ui/time.ts'
import type { ComplaintPage } from '../contract.ts'
import { eventWords } from './event-words.ts'
import { recordersOf } from './recorders.ts'
import { namesOf } from './use-names.ts'

// What somebody who was not there reads in the history: words, names and local times, never codes.

const reader = { locale: 'zh-Hant', zone: 'Asia/Taipei' }
const people = { helpers: [], subjects: [], access: [], links: [] }
const complaint = {
  receivedAt: '2026-03-01T02:00:00.000Z',
  loggedAt: '2026-03-03T02:00:00.000Z',
  channel: 'email',
  owner: null,
}
const page = { complaint, ...people } as unknown as ComplaintPage
const language = i18next.createInstance()
beforeAll(() =>
  language.init({
    lng: 'zh-Hant',
    resources: { 'zh-Hant': { translation: { ...hant, events: { ...hant.events, ...ofMail.events } } } },
  }),
)

const words = () => eventWords({ t: language.t, names: namesOf(language.t, undefined), reader, page })
const event = (type: string, facts: Record<string, unknown>, name = '小芬') =>
  ({ kind: 'event', seq: 1, at: complaint.loggedAt, type, actor: { kind: 'staff', id: null, name }, facts }) as const

describe('the history in words', () => {
  it('names who wrote it down, and both times when they differ', () => {
    const said = words().sentence(event('received', {}))
    expect(said).toMatch(/^小芬 收到.*建檔（收到 2026-03-01 10:00；建檔 2026-03-03 10:00）$/)
  })

  it.each([
    [{ kind: 'resolve', milestone: 'containment' }, '時限已過：控制危害'],
    [{ kind: 'first_reply' }, '時限已過：首次回覆'],
  ])('names the clock that ran out', (facts, said) => {
    expect(words().sentence(event('clock_breached', facts))).toBe(said)
  })

  it.each([
    ['bounce', '收到郵件主機的退信通知'],
    ['auto_reply', '收到一封自動郵件，案件不因此變動'],
  ])('says of a mail of the kind %s no more than is so', (mailClass, said) => {
    expect(words().sentence(event('mail_noted', { mailClass }))).toBe(said)
  })

  it('tells facts in local time and words, and no ids', () => {
    const facts = words().facts(
      event('clock_breached', {
        clockId: '019cb16c-7100-785b-9e3d-da6923a7285e',
        kind: 'resolve',
        cycle: 1,
        breachedAt: '2026-03-03T09:00:00.000Z',
        acknowledgedBy: 'receipt-page',
        of: 'customer',
      }),
    )
    expect(facts).toContainEqual(['逾期時間', '2026-03-03 17:00'])
    expect(facts).toContainEqual(['受理方式', '網頁上的收件通知'])
    expect(facts.map(([name]) => name)).toContain('第幾次')
    expect(facts.flat().join()).not.toMatch(/receipt-page|cycle|breachedAt|019cb16c|T09/)
  })

  it('tells what an assessment came to: severity, why, flags, and the dates it changed', () => {
    const facts = words().facts(
      event('assessed', {
        severityWhy: { impact: 2, likelihood: 2, score: 4, lifted: ['authority'] },
        severity: 'high',
        flags: ['safety'],
        due: [{ kind: 'resolve', milestone: null, dueAt: Date.parse('2026-03-04T10:00:00Z') }],
      }),
    )
    expect(facts).toContainEqual(['嚴重度', '高'])
    expect(facts).toContainEqual(['提高嚴重度的原因', '主管機關來文'])
    expect(facts).toContainEqual(['解決', '2026-03-04 18:00'])
    expect(facts.map(([name]) => name)).toContain('標記')
  })

  it('does not show an assumption as a judgement', () => {
    const severityWhy = { impact: 2, likelihood: 2, score: 4, lifted: [], assumed: true }
    const facts = words().facts(event('received', { severityWhy }))
    expect(facts.map(([name]) => name)).toEqual(['尚未評估的假設'])
  })

  it('tells who wrote down what somebody else said', () => {
    const items = [
      event('received', { message: { messageId: 'a' } }),
      event('message_received', { messageId: 'b' }, '美琳'),
    ]
    expect([...recordersOf(items)].map(([id, { by }]) => [id, by])).toEqual([
      ['a', '小芬'],
      ['b', '美琳'],
    ])
  })
})

describe('names', () => {
  it('a severity nobody has judged says so', () => {
    const names = namesOf(language.t, undefined)
    expect(names.severityOf({ severity: 'low', assessed: false })).toBe('尚未評估（暫以低計）')
    expect(names.severityOf({ severity: 'low', assessed: true })).toBe('低')
  })

  it('a whole instant ends in an offset people know', () => {
    expect(absolute(Date.parse('2026-03-03T09:00:00Z'), reader)).toMatch(/17:00:00 \(UTC\+8\)$/)
  })
})
