import { addMinutes, type CompiledCalendar, localDay } from '../../clocks/domain/index.ts'
import { shippedCalendar } from '../../clocks/index.ts'
import { channelOf } from '../../channels/index.ts'
import { withApprovals } from '../approvals.ts'
import { expectedState } from '../expected-state.ts'
import { teams } from '../organisation.ts'
import type { Complaint, Locale, Step } from '../types.ts'
import { type Cast, castOf, courseOf, numberOf } from './courses.ts'
import { readTold, type Told } from './read-told.ts'

const hour = 3_600_000
const minute = 60_000
const weights = { 1: [2, 2], 2: [2, 3], 3: [3, 4], 4: [4, 4] } as const

/**
 * The complaints told in `*.txt`, as far as they have come by `now` (epoch ms): staff act in their office hours only, and what
 * would lie ahead has not happened yet.
 */
export function toldComplaints(now: number): Complaint[] {
  return (['zh-Hant', 'zh-Hans', 'en'] as const).flatMap((locale) =>
    readTold(locale).map((told) => complaintOf(told, locale, now)),
  )
}

function complaintOf(told: Told, locale: Locale, now: number): Complaint {
  const cast = castOf(told, locale)
  const calendar = shippedCalendar(teams.find(({ key }) => key === cast.team)?.calendar ?? '')
  const receivedAt = receiptOf(told, calendar, now)
  const clock = { now, receivedAt, calendar }
  const steps = happened(cast, clock)
  const last = steps.findLast((step) => step.do === 'assign')
  const [impact, likelihood] = weights[told.weight as keyof typeof weights]
  const { key, title, body, channel, customer, place, product, order, issue, sought, points, abusive } = told
  return withApprovals({
    key,
    title,
    body,
    channel,
    customer,
    place,
    issue,
    impact,
    likelihood,
    abusive,
    locale,
    steps,
    ...(product ? { product } : {}),
    ...(order ? { order } : {}),
    mode: customer === 'anonymous' ? 'anonymous' : 'named',
    confidentiality: 'normal',
    flags: issue === 'R12' ? ['safety'] : [],
    remedySought: sought,
    receivedHoursAgo: (now - receivedAt) / hour,
    team: cast.team,
    owner: last?.do === 'assign' ? last.to : null,
    points: points.map(({ text }) => text),
    state: expectedState(steps),
  })
}

type Clock = { readonly now: number; readonly receivedAt: number; readonly calendar: CompiledCalendar }

/** Who speaks to somebody does so while they are there. */
function receiptOf({ received, channel }: Told, calendar: CompiledCalendar, now: number): number {
  if ('hoursAgo' in received) return now - received.hoursAgo * hour
  const local = (localDay(calendar, now) - received.days) * 24 * hour + received.minute * minute
  const at = calendar.zone.toInstant(local)
  const live = channelOf(channel)?.live && channel !== 'portal'
  const open = live ? addMinutes(calendar, at, 0).at : at
  return open < now ? open : at
}

/** The steps of the course before now, as hours ago. */
function happened(cast: Cast, { now, receivedAt, calendar }: Clock): Step[] {
  const late = (numberOf(cast.told.key) % 25) * minute
  const after = (hours: number) => addMinutes(calendar, receivedAt + late, hours * 60).at
  const mark = (text: string) =>
    text.replace(/\{\{\+(\d+)\}\}/g, (_, days) => `{{date:${(now - after(Number(days) * 8)) / hour}}}`)
  let at = receivedAt
  const steps: Step[] = []
  for (const step of courseOf(cast)) {
    at = step.at < 0 ? at - step.at * hour : Math.max(at, after(step.at))
    if (at >= now) break
    const said = 'text' in step && step.text ? { text: mark(step.text) } : {}
    const due = step.do === 'promise' ? { due: (now - after(step.due)) / hour } : {}
    const found = step.do === 'find' ? { answer: mark(step.answer) } : {}
    steps.push({ ...step, ...said, ...due, ...found, at: (now - at) / hour } as Step)
  }
  return steps
}
