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
 * Starter targets, version 1 (first reply / resolve): critical 15 min / 4 h to containment, round the clock; high 1 h /
 * 1 business day; medium 4 h / 3; low 1 business day / 5. Acknowledging is due with the first reply at the latest: an
 * automatic one meets it at once, so what it guards is that some proof of receipt has really gone out.
 */
export const starterPolicy: Policy = {
  key: 'starter',
  version: 1,
  targets: {
    critical: [
      ...firstWord(absoluteMinutes(15)),
      { kind: 'resolve', target: absoluteMinutes(240), pausable: false, milestone: 'containment' },
    ],
    high: [...firstWord(officeMinutes(60)), { kind: 'resolve', target: businessDays(1), pausable: true }],
    medium: [...firstWord(officeMinutes(240)), { kind: 'resolve', target: businessDays(3), pausable: true }],
    low: [...firstWord(businessDays(1)), { kind: 'resolve', target: businessDays(5), pausable: true }],
  },
}

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
