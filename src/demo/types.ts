/**
 * The demo organisation as data. Nothing here touches a database: a loader replays it through the real commands.
 * Times are hours before the moment of loading ("hours ago"; a negative number lies in the future), so the demo is
 * always fresh. Texts may carry date marks (see `dates.ts`). Codes (issue, outcome, remedy …) are the taxonomy's.
 */
export type Locale = 'zh-Hant' | 'zh-Hans' | 'en'
export type Zone = 'Asia/Taipei' | 'Asia/Shanghai' | 'Europe/London'
export type Jurisdiction = 'TW' | 'CN' | 'GB'
export type CalendarKey = 'tw-office' | 'cn-office' | 'uk-office'
export type Names = { readonly zhHant: string; readonly zhHans: string; readonly en: string }

/** What a handler may grant on one complaint without approval, in minor units. */
export type Limits = Readonly<Record<'TWD' | 'CNY' | 'GBP', number>>
export type Organisation = {
  slug: string
  name: Names
  termSet: Names
  mailDomain: string
  reviewWindowDays: number
  handlerLimits: Limits
}
export type Place = {
  key: string
  name: Names
  kind: 'shop' | 'online'
  jurisdiction: Jurisdiction
  zone: Zone
  calendar: CalendarKey
}
export type Product = { code: string; kind: 'product' | 'service'; name: Names }
export type Team = {
  key: string
  name: Names
  lead: string
  calendar: CalendarKey
  zone: Zone
  places: readonly string[]
}

export type RoleCode =
  | 'intake_operator'
  | 'handler'
  | 'specialist'
  | 'team_lead'
  | 'approver'
  | 'stage2_reviewer'
  | 'improvement_owner'
  | 'qa_reviewer'
  | 'compliance_auditor'
  | 'executive'
  | 'administrator'
  | 'department_respondent'
  | 'integration'

/** `team` is null for people who belong to the organisation as a whole; `place` is set for people of one shop. */
export type Staff = {
  key: string
  name: string
  title: string
  mail: string
  roles: readonly RoleCode[]
  team: string | null
  locale: Locale
  zone: Zone
  manager?: string
  place?: string
}

export type IdentityKind =
  | 'phone'
  | 'email'
  | 'line'
  | 'wechat'
  | 'facebook'
  | 'google'
  | 'xiaohongshu'
  | 'x'
  | 'member'
export type Identity = { kind: IdentityKind; value: string }
export type Customer = {
  key: string
  name: string
  locale: Locale
  tier: 'standard' | 'silver' | 'gold'
  identities: readonly Identity[]
  /** How this person asked to be reached, or help they need; never a diagnosis. */
  preference?: string
}

export type ChannelCode =
  | 'phone'
  | 'voicemail'
  | 'email'
  | 'web_form'
  | 'portal'
  | 'app'
  | 'chat'
  | 'line'
  | 'wechat'
  | 'whatsapp'
  | 'facebook_comment'
  | 'xiaohongshu'
  | 'weibo'
  | 'x'
  | 'google_review'
  | 'marketplace'
  | 'store_visit'
  | 'suggestion_box'
  | 'letter'
  | 'regulator_referral'
  | '1950'
  | '12315'
  | '12345'
  | 'employee_on_behalf'

export type IssueCode = `R${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14}`
export type OutcomeCode = 'O1' | 'O2' | 'O3' | 'O4' | 'O5' | 'O6' | 'O7' | 'O8'
export type RemedyCode = `A${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14}`
export type ClosureCode = `C${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`
export type RootCauseCode = `RC${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 99}`
export type Finding = 'upheld' | 'partly_upheld' | 'not_upheld'
export type RiskFlag =
  | 'safety'
  | 'legal'
  | 'vulnerable'
  | 'media'
  | 'privacy'
  | 'discrimination'
  | 'fraud'
  | 'self_harm'
  | 'staff_threat'
  | 'group'
  | 'minor'
  | 'food_drug'
  | 'whistle'

export type ComplaintState =
  | 'received'
  | 'acknowledged'
  | 'assessed'
  | 'assigned'
  | 'investigating'
  | 'awaiting_info'
  | 'proposal'
  | 'approval'
  | 'approved'
  | 'decided'
  | 'responded'
  | 'remedy_in_progress'
  | 'follow_up'
  | 'closed'
  | 'review'
  | 'final'
  | 'external'
  | 'withdrawn'
  | 'redirected'
  | 'wrote_again'
  | 'merged'

/** Minor units: TWD 1,280 is 128000, CNY 99 is 9900, GBP 35 is 3500. */
export type Money = { amount: number; currency: 'TWD' | 'CNY' | 'GBP' }
export type RemedyItem = { code: RemedyCode; text: string; money?: Money }

type ByStaff = { at: number; by: string }
/** One thing that happened. `point` counts from 1. Order in the list is the order in which it is replayed. */
export type Step =
  | (ByStaff & { do: 'acknowledge'; text?: string })
  | (ByStaff & { do: 'assess' })
  | (ByStaff & { do: 'assign'; to: string })
  | (ByStaff & { do: 'investigate' })
  | (ByStaff & { do: 'note'; text: string })
  | (ByStaff & { do: 'reply'; text: string })
  | (ByStaff & { do: 'call'; reached: boolean; via?: 'phone' | 'sms' | 'wechat'; text: string })
  | (ByStaff & { do: 'promise'; due: number; text: string })
  | (ByStaff & { do: 'ask_info'; from: 'customer' | 'internal' | 'third_party'; text: string })
  | (ByStaff & { do: 'find'; point: number; finding: Finding; answer: string })
  | (ByStaff & { do: 'propose'; remedies: readonly RemedyItem[]; text: string })
  | (ByStaff & { do: 'request_approval'; text: string })
  | (ByStaff & { do: 'approve'; text: string })
  | (ByStaff & { do: 'decide'; outcome: OutcomeCode; cause?: RootCauseCode; text: string })
  | (ByStaff & { do: 'respond'; text: string })
  | (ByStaff & { do: 'start_remedy'; text: string })
  | (ByStaff & { do: 'remedy_done'; text: string })
  | (ByStaff & { do: 'follow_up'; result: 'satisfied' | 'not_satisfied' | 'unreachable'; text: string })
  | (ByStaff & { do: 'close'; reason: ClosureCode; summary: string })
  | (ByStaff & { do: 'reopen'; reason: string })
  | (ByStaff & { do: 'conclude_review'; outcome: OutcomeCode; text: string })
  | (ByStaff & { do: 'go_external'; body: string; reference: string; text: string })
  | (ByStaff & { do: 'redirect'; to: string; text: string })
  | (ByStaff & { do: 'merge'; into: string; text: string })
  | { at: number; do: 'customer_message'; text: string; channel?: ChannelCode }
  | { at: number; do: 'request_review'; text: string }
  | { at: number; do: 'withdraw'; text: string }

export type Link = { kind: 'repeat' | 'related'; to: string }
/** What an authority's letter says about itself; `requested` is the date asked for, in hours ago (negative: to come). */
export type AuthorityLetter = { body: string; number: string; sender: string; requested: number }

export type Complaint = {
  key: string
  title: string
  body: string
  locale: Locale
  channel: ChannelCode
  /** A customer key, or 'anonymous'. */
  customer: string
  mode: 'named' | 'confidential' | 'anonymous'
  confidentiality: 'normal' | 'restricted' | 'secret'
  /** Staff keys of those complained about: they may never own, act on or see this. */
  subjects?: readonly string[]
  place: string
  product?: string
  order?: string
  issue: IssueCode
  flags?: readonly RiskFlag[]
  impact: 1 | 2 | 3 | 4 | 5
  likelihood: 1 | 2 | 3 | 4 | 5
  /** The words hurt whoever reads them: folded. */
  abusive?: boolean
  remedySought: string
  receivedHoursAgo: number
  team: string
  owner: string | null
  points: readonly string[]
  authority?: AuthorityLetter
  state: ComplaintState
  steps: readonly Step[]
  links?: readonly Link[]
}
