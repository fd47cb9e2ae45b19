import type { DayRule } from './days.ts'

export type Severity = 'low' | 'medium' | 'high' | 'critical'

/** What a clock measures; stored as text, later kinds are added here. */
export type ClockKind =
  | 'acknowledge'
  | 'first_reply'
  | 'next_update'
  | 'stage'
  | 'resolve'
  | 'statutory'
  | 'authority'
  | 'promise'
  | 'callback'
  | 'handover'
  | 'containment'
  | 'follow_up'

/** Which calendar counts: the place's own hours, or absolute time. */
export type CalendarRole = 'office' | 'always'

/** How long a clock runs, as data; stored with the clock so that it can be shown and recomputed. */
export type Target =
  | { readonly basis: 'minutes'; readonly calendar: CalendarRole; readonly minutes: number }
  | {
      readonly basis: 'days'
      readonly calendar: CalendarRole
      readonly rule: DayRule
      /** A stricter reading or the working day before, to work towards; never later than the due instant. */
      readonly internal?: DayRule
    }
  /** An absolute instant (epoch ms) somebody outside has set. */
  | { readonly basis: 'date'; readonly at: number }

/** One clock a policy starts. */
export type Milestone = {
  readonly kind: ClockKind
  readonly target: Target
  /** Whether waiting for the complainant may stop it. */
  readonly pausable: boolean
  /** What has to be reached where the kind alone does not say it. */
  readonly milestone?: string
}

/** Internal targets by severity. Versions are immutable. */
export type Policy = {
  readonly key: string
  readonly version: number
  readonly targets: Readonly<Record<Severity, readonly Milestone[]>>
}

/** A legal clock: a starting point to be confirmed by the organisation, not legal advice. */
export type StatutoryTemplate = Milestone & {
  readonly key: string
  readonly version: number
  readonly jurisdiction: string
  /** The article and what it says. */
  readonly source: string
  /** What the message that stops it has to contain. */
  readonly mustSend: readonly string[]
}

const officeMinutes = (minutes: number): Target => ({ basis: 'minutes', calendar: 'office', minutes })
const absoluteMinutes = (minutes: number): Target => ({ basis: 'minutes', calendar: 'always', minutes })
const businessDays = (n: number): Target => ({
  basis: 'days',
  calendar: 'office',
  rule: { n, unit: 'business_day', countRule: 'exclude', receivedRule: 'as_is', roll: 'none', to: 'close' },
})

/**
 * Starter targets, version 2 (first reply / resolve): critical 15 min / 1 business day, with the harm stopped within 4 h and
 * news every 24 h, both round the clock; high 1 h / 1 business day; medium 4 h / 3; low 1 business day / 5. Stopping the harm
 * is no answer: that one is owed beside it, never later than for `high`. Acknowledging is due with the first reply at the
 * latest: an automatic one meets it at once, so what it guards is that some proof of receipt has really gone out.
 * (In version 1 the 4 h of a critical complaint were its `resolve` clock, with the milestone `containment`.)
 */
export const starterPolicy: Policy = {
  key: 'starter',
  version: 2,
  targets: {
    critical: [
      ...firstWord(absoluteMinutes(15)),
      { kind: 'containment', target: absoluteMinutes(240), pausable: false, milestone: 'containment' },
      { kind: 'next_update', target: absoluteMinutes(1440), pausable: false },
      { kind: 'resolve', target: businessDays(1), pausable: false },
    ],
    high: [...firstWord(officeMinutes(60)), { kind: 'resolve', target: businessDays(1), pausable: true }],
    medium: [...firstWord(officeMinutes(240)), { kind: 'resolve', target: businessDays(3), pausable: true }],
    low: [...firstWord(businessDays(1)), { kind: 'resolve', target: businessDays(5), pausable: true }],
  },
}

/** Answered is not over: within five working days somebody looks whether it was carried out, and what they say to it. */
export const followUp: Milestone & { readonly key: string; readonly version: number } = {
  key: 'follow-up',
  version: 1,
  kind: 'follow_up',
  pausable: false,
  target: businessDays(5),
}

/** Days without a word from them after the answer, before their silence is a reason to close. */
export const silence = { days: 7, tries: 1 } as const

/**
 * 消保法 §43. The legal date does not count the day of receipt (民法 §120) and is shown even when it is a holiday; the
 * internal one counts it, as 施行細則 §36 may be read, and moves back to the close of a working day.
 */
export const taiwanConsumerProtection: StatutoryTemplate = {
  key: 'tw-cpa-43',
  version: 1,
  jurisdiction: 'TW',
  source: '消費者保護法 §43：15 日內妥適處理（施行細則 §36：以接獲申訴之日起算）',
  kind: 'statutory',
  milestone: 'proper_handling',
  mustSend: ['result', 'outside_route:消費者服務中心・1950', 'outside_route:消費者保護官', 'outside_route:調解委員會'],
  pausable: false,
  target: {
    basis: 'days',
    calendar: 'office',
    rule: fifteenDays('exclude', 'none', 'end_of_day'),
    internal: fifteenDays('include', 'prev', 'close'),
  },
}

/**
 * Stage 2: another person's answer, owed from the day the review was asked for. 20 working days, as the complaint handling
 * codes of the UK ombudsmen have it (Housing Ombudsman, LGSCO); nothing pauses it.
 */
export const stageTwo: Milestone & { readonly key: string; readonly version: number } = {
  key: 'stage-two',
  version: 1,
  kind: 'stage',
  milestone: 'review',
  pausable: false,
  target: businessDays(20),
}

/** Somebody wrote to a complaint that had ended: it is looked at within one working day. */
export const wroteAgain: Milestone & { readonly key: string; readonly version: number } = {
  key: 'wrote-again',
  version: 1,
  kind: 'next_update',
  milestone: 'wrote_again',
  pausable: false,
  target: businessDays(1),
}

/** What we wrote did not arrive: they hear from us another way within one working day. */
export const notArrived: Milestone & { readonly key: string; readonly version: number } = {
  key: 'not-arrived',
  version: 1,
  kind: 'next_update',
  milestone: 'not_arrived',
  pausable: false,
  target: businessDays(1),
}

/** A promise to the complainant, or a call back at an agreed minute: the date is whatever was said. */
export const asPromised = { key: 'as-promised', version: 1 } as const

/** Handed over, and not yet taken: half an office hour. Nobody is left between two people. */
export const handOver: Milestone & { readonly key: string; readonly version: number } = {
  key: 'hand-over',
  version: 1,
  kind: 'handover',
  pausable: false,
  target: officeMinutes(30),
}

/** Every shipped legal clock; a pack is a line here. */
export const statutoryTemplates: readonly StatutoryTemplate[] = [taiwanConsumerProtection]

function firstWord(target: Target): readonly Milestone[] {
  return [
    { kind: 'acknowledge', target, pausable: false },
    { kind: 'first_reply', target, pausable: false },
  ]
}

function fifteenDays(countRule: DayRule['countRule'], roll: DayRule['roll'], to: DayRule['to']): DayRule {
  return { n: 15, unit: 'calendar_day', countRule, receivedRule: 'as_is', roll, to }
}
