import { describe, expect, test } from 'vitest'
import { openMinutesBetween } from '../clocks/domain/index.ts'
import { shippedCalendar } from '../clocks/index.ts'
import {
  complaintsAt,
  customers,
  expectedState,
  fillDates,
  organisation,
  places,
  products,
  staff,
  teams,
} from './index.ts'
import { toldComplaints } from './told/index.ts'
import type { Complaint, ComplaintState, Step } from './types.ts'

const now = Date.parse('2026-11-21T08:00:00Z')
const complaints = complaintsAt(now)
const STATES: readonly ComplaintState[] = [
  ...(['received', 'acknowledged', 'assessed', 'assigned', 'investigating', 'awaiting_info', 'proposal'] as const),
  ...(['approval', 'decided', 'responded', 'remedy_in_progress', 'follow_up', 'closed', 'review', 'final'] as const),
  ...(['external', 'withdrawn', 'redirected', 'merged', 'wrote_again'] as const),
]
const people = new Map(staff.map((s) => [s.key, s]))
const keys = new Set(complaints.map((c) => c.key))
const actors = (c: Complaint) =>
  c.steps.flatMap((s) => ('by' in s ? [s.by] : []).concat(s.do === 'assign' ? [s.to] : []))
const share = (locale: string) => complaints.filter((c) => c.locale === locale).length / complaints.length
const who = (c: Complaint, verb: Step['do']) => c.steps.flatMap((s) => (s.do === verb && 'by' in s ? [s.by] : []))

describe('the demo shows the whole field', () => {
  test('at least 200 complaints in every state', () => {
    expect(complaints.length).toBeGreaterThanOrEqual(200)
    expect(STATES.filter((state) => !complaints.some((c) => c.state === state))).toEqual([])
  })

  test('three languages, about 40/30/30', () => {
    expect(share('zh-Hant')).toBeGreaterThan(0.33)
    expect(share('zh-Hans')).toBeGreaterThan(0.24)
    expect(share('en')).toBeGreaterThan(0.24)
  })

  test('the kettle fault recurs in three cities and languages', () => {
    const kettles = complaints.filter((c) => c.product === 'K-20')
    expect(kettles.length).toBeGreaterThanOrEqual(7)
    expect(new Set(kettles.map((c) => c.locale)).size).toBe(3)
    expect(new Set(kettles.map((c) => c.team)).size).toBe(3)
  })

  test('a second fault grows week by week, in three languages and by many ways in', () => {
    const lids = complaints.filter((c) => c.product === 'RC-6' && /lid|盖|蓋/i.test(c.title + c.points.join()))
    const inWeek = (n: number) => lids.filter((c) => Math.floor(c.receivedHoursAgo / 168) === n).length
    expect(inWeek(0)).toBeGreaterThan(inWeek(1))
    expect(inWeek(1)).toBeGreaterThan(inWeek(2))
    expect(inWeek(2)).toBeGreaterThan(0)
    expect(new Set(lids.map((c) => c.locale)).size).toBe(3)
    expect(new Set(lids.map((c) => c.place)).size).toBeGreaterThan(5)
    expect(new Set(lids.map((c) => c.channel)).size).toBeGreaterThan(5)
  })

  test('somebody complains a fifth time, somebody swears, somebody writes sixty times', () => {
    const mostOf = (of: (c: Complaint) => string) =>
      Math.max(...Object.values(Object.groupBy(complaints, of)).map((group) => group?.length ?? 0))
    expect(mostOf((c) => (c.customer === 'anonymous' ? c.key : c.customer))).toBeGreaterThanOrEqual(5)
    expect(complaints.filter((c) => c.abusive).length).toBeGreaterThanOrEqual(2)
    const said = (c: Complaint) => c.steps.filter((s) => s.do === 'customer_message' || s.do === 'reply').length
    expect(Math.max(...complaints.map(said))).toBeGreaterThanOrEqual(60)
  })

  test('every role is played, the administrator and the executive touch no case', () => {
    expect(new Set(staff.flatMap((s) => s.roles)).size).toBe(13)
    const aloof = staff.filter((s) =>
      ['administrator', 'executive', 'compliance_auditor'].some((r) => s.roles.includes(r as never)),
    )
    for (const c of complaints) expect(actors(c).filter((key) => aloof.some((s) => s.key === key))).toEqual([])
  })
})

// Days of a week, a night, a weekend, a holiday.
const moments = [0, 1, 2, 3, 4, 5, 6, 40].map((day) => now + day * 86_400_000 + day * 3_700_000)

test.each(moments)('loaded at %d, nobody at work acts outside office hours, and much is there', (at) => {
  const told = toldComplaints(at)
  expect(told.length).toBeGreaterThan(130)
  expect(told.filter((c) => !['closed', 'withdrawn', 'review'].includes(c.state)).length).toBeGreaterThan(10)
  for (const c of told) {
    const calendar = shippedCalendar(teams.find(({ key }) => key === c.team)?.calendar ?? '')
    for (const step of c.steps) {
      if (!('by' in step) || step.do === 'acknowledge') continue
      const when = at - step.at * 3_600_000
      expect(openMinutesBetween(calendar, when - 60_000, when + 60_000), `${c.key} ${step.do}`).toBeGreaterThan(0)
    }
    expect(expectedState(c.steps)).toBe(c.state)
  }
})

test('keys are unique', () => {
  for (const list of [complaints, customers, staff, places, teams])
    expect(new Set(list.map((x) => x.key)).size).toBe(list.length)
  expect(new Set(products.map((p) => p.code)).size).toBe(products.length)
  expect(new Set(complaints.map((c) => c.body)).size).toBe(complaints.length)
})

describe.each(complaints.map((c) => [c.key, c] as const))('%s', (_, c) => {
  test('points at things that exist', () => {
    if (c.customer === 'anonymous') expect(c.mode).toBe('anonymous')
    else expect(customers.map((x) => x.key)).toContain(c.customer)
    expect(teams.find((t) => t.key === c.team)?.places).toContain(c.place)
    if (c.product !== undefined) expect(products.map((p) => p.code)).toContain(c.product)
    if (c.owner !== null) expect(people.has(c.owner)).toBe(true)
    for (const key of [...actors(c), ...(c.subjects ?? [])]) expect(people.has(key), key).toBe(true)
    for (const link of c.links ?? []) expect(keys.has(link.to) && link.to !== c.key, link.to).toBe(true)
    for (const s of c.steps) if (s.do === 'merge') expect(keys.has(s.into) && s.into !== c.key).toBe(true)
    expect(c.points.length).toBeGreaterThanOrEqual(1)
    expect(c.points.length).toBeLessThanOrEqual(4)
    for (const s of c.steps) if (s.do === 'find') expect(c.points[s.point - 1]).toBeDefined()
  })

  test('its steps are in order of time, after receipt, and end in its state', () => {
    const times = c.steps.map((s) => s.at)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(c.receivedHoursAgo).toBeGreaterThanOrEqual(times[0] ?? 0)
    expect(times.at(-1) ?? 0).toBeGreaterThanOrEqual(0)
    expect(expectedState(c.steps)).toBe(c.state)
    const last = c.steps.findLast((s) => s.do === 'assign')
    expect(last?.do === 'assign' ? last.to : null).toBe(c.owner)
  })

  test('reads with dates and no mark left over', () => {
    const { zone } = teams.find((team) => team.key === c.team) ?? { zone: 'Europe/London' as const }
    const read = fillDates(JSON.stringify([c.body, c.steps]), now, zone, c.locale)
    expect(read).not.toContain('{{')
  })

  test('duties stay separate', () => {
    for (const key of who(c, 'approve')) expect(who(c, 'propose')).not.toContain(key)
    for (const key of who(c, 'conclude_review')) {
      expect(people.get(key)?.roles).toContain('stage2_reviewer')
      expect(who(c, 'decide')).not.toContain(key)
    }
    for (const subject of c.subjects ?? []) {
      expect([...actors(c), c.owner]).not.toContain(subject)
      expect(['restricted', 'secret']).toContain(c.confidentiality)
      for (const key of actors(c)) expect(people.get(key)?.manager).not.toBe(subject)
    }
  })

  test('grants more than a handler may only with approval', () => {
    if (!c.steps.some((s) => s.do === 'decide')) return
    const sums = new Map<'TWD' | 'CNY' | 'GBP', number>()
    for (const item of c.steps.flatMap((s) => (s.do === 'propose' ? s.remedies : [])))
      if (item.money) sums.set(item.money.currency, (sums.get(item.money.currency) ?? 0) + item.money.amount)
    const above = [...sums].some(([currency, sum]) => sum > organisation.handlerLimits[currency])
    if (above) expect(who(c, 'approve').length).toBeGreaterThan(0)
    if (who(c, 'approve').length > 0) expect(who(c, 'request_approval').length).toBeGreaterThan(0)
  })

  test('is answered point by point before it is decided', () => {
    if (!c.steps.some((s) => s.do === 'respond')) return
    const found = new Set(c.steps.flatMap((s) => (s.do === 'find' ? [s.point] : [])))
    expect(found.size).toBe(c.points.length)
  })
})
