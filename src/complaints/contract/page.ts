import { z } from 'zod'
import { draft } from '../../drafts/contract.ts'
import { id, instant, line, locale } from '../../kit/contract/shapes.ts'
import { money } from './money.ts'
import { action, clock, confidentiality, finding, mode, person, score, severity } from './values.ts'

/** A line of the inbox; the live stream sends the same fields. */
export const complaintRow = z.object({
  id,
  number: z.string(),
  version: z.number().int(),
  title: z.string(),
  snippet: z.string(),
  state: z.string(),
  open: z.boolean(),
  channel: z.string(),
  mode,
  restricted: z.boolean(),
  severity: severity.nullable(),
  /** Whether somebody has weighed it; until then the severity is only counted with. */
  assessed: z.boolean(),
  typeCode: z.string().nullable(),
  customerName: z.string().nullable(),
  owner: person.nullable(),
  teamId: id,
  placeId: id.nullable(),
  productId: id.nullable(),
  receivedAt: instant,
  /** Kind of the nearest clock; `containment` where a `resolve` clock first asks for safety. */
  nextClock: z.string().nullable(),
  nextDueAt: instant.nullable(),
  overdue: z.boolean(),
  waitingFor: z.string().nullable(),
  updatedAt: instant,
  /** Handed over, and not yet taken: to this person, or (null) to whoever of the team takes it. */
  handover: z.object({ staffId: id.nullable(), teamId: id, since: instant, late: z.boolean() }).nullable(),
})

export type ComplaintRow = z.infer<typeof complaintRow>

export const attachmentRow = z.object({
  id,
  messageId: id.nullable(),
  name: z.string(),
  mediaType: z.string(),
  size: z.number().int(),
  sha256: z.string(),
  stripped: z.boolean(),
  visibility: z.enum(['public', 'internal']),
  createdAt: instant,
})

/** What stands beside the words of a call; no number where the complainant is not named. */
export const callRow = z.object({
  direction: z.enum(['in', 'out']),
  number: z.string().default(''),
  outcome: z.enum(['reached', 'no_answer', 'refused', 'voicemail']),
  startedAt: instant,
  seconds: z.number().int(),
  consent: z.boolean().nullable(),
  recordingId: id.nullable(),
})
export type CallRow = z.infer<typeof callRow>

export const messageItem = z.object({
  kind: z.literal('message'),
  id,
  at: instant,
  direction: z.enum(['in', 'out', 'note']),
  channel: z.string(),
  visibility: z.enum(['public', 'internal']),
  authorId: id.nullable(),
  authorName: z.string(),
  /** Cut after `shownInTimeline` characters. */
  body: z.string(),
  /** Characters of the whole. */
  length: z.number().int(),
  flags: z.array(z.string()),
  /** Of a call. */
  call: callRow.nullable(),
  outbox: z
    .object({
      id,
      state: z.string(),
      attempts: z.number().int(),
      lastError: z.string().nullable(),
      sendAt: instant,
      sentAt: instant.nullable(),
    })
    .nullable(),
})

export const eventItem = z.object({
  kind: z.literal('event'),
  seq: z.number().int(),
  at: instant,
  type: z.string(),
  actor: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
  facts: z.record(z.string(), z.unknown()),
})

export const timelineItem = z.discriminatedUnion('kind', [messageItem, eventItem])

export type TimelineItem = z.infer<typeof timelineItem>

export const pointRow = z.object({
  id,
  no: z.number().int(),
  text: z.string(),
  finding: finding.nullable(),
  answer: z.string(),
})

export const linkRow = z.object({ kind: z.string(), id, number: z.string(), title: z.string(), state: z.string() })

export const suggestionRow = z.object({
  id,
  number: z.string(),
  title: z.string(),
  state: z.string(),
  receivedAt: instant,
  reasons: z.array(z.string()),
  score: z.number(),
  /** Who brought it: on record the same person, another who may be the same (somebody has to say so), or one never merged with. */
  complainant: z.enum(['same', 'perhaps', 'another']).optional(),
})

export const customerCard = z.object({
  id,
  name: z.string(),
  locale,
  tier: z.string().nullable(),
  identities: z.array(
    z.object({
      kind: z.string(),
      value: z.string(),
      verified: z.boolean(),
      /** Why it is not to be used any more: `asked`, `wrong`, `returned`. */
      notUsed: z.string().nullable(),
    }),
  ),
  /** Entries merged into this one. */
  also: z.array(person),
  /** Entries that share a number or an address: `by` says which kind. */
  samePeople: z.array(person.extend({ by: z.string() })),
  others: z.array(
    z.object({ id, number: z.string(), title: z.string(), state: z.string(), open: z.boolean(), receivedAt: instant }),
  ),
})

export const authority = z.object({
  body: line(200),
  number: line(100).default(''),
  sender: line(200).default(''),
  askedFor: instant.nullable().default(null),
})

/** What whoever approves is asked to approve: the remedy and sum stand in the complaint, the findings at its points. */
export const proposalRow = z.object({
  text: z.string(),
  by: z.string(),
  at: instant,
  /** Null while it is only proposed again. */
  asked: z.object({ by: z.string(), at: instant, reason: z.string() }).nullable(),
})

/** Everything the complaint page needs, in one request. */
export const complaintPage = z.object({
  complaint: complaintRow.extend({
    workflow: z.object({ key: z.string(), version: z.number().int() }),
    confidentiality,
    orderNo: z.string().nullable(),
    impact: score.nullable(),
    likelihood: score.nullable(),
    flags: z.array(z.string()),
    remedyCode: z.string().nullable(),
    remedyAmount: money.nullable(),
    /** Where approval of the remedy stands; null: nobody was asked. */
    approval: z.string().nullable(),
    outcomeCode: z.string().nullable(),
    closureCode: z.string().nullable(),
    authority: authority.nullable(),
    loggedAt: instant,
    acknowledgedAt: instant.nullable(),
    firstReplyAt: instant.nullable(),
    decidedAt: instant.nullable(),
    respondedAt: instant.nullable(),
    /** When stage 2 spoke. */
    finalAt: instant.nullable(),
    /** The complainant took it back, and a lead has still to look at why. */
    withdrawalAskedAt: instant.nullable(),
    remedyStartedAt: instant.nullable(),
    remedyDoneAt: instant.nullable(),
    confirmedAt: instant.nullable(),
    closedAt: instant.nullable(),
    /** How it had ended, while it is open only because somebody wrote to it since. */
    endedAs: z.string().nullable(),
    mergedInto: z.object({ id, number: z.string() }).nullable(),
    locale,
    publicRef: z.string(),
    remedySought: z.string(),
    onBehalfOf: z.string(),
    summary: z.string(),
    severityWhy: z.record(z.string(), z.unknown()).nullable(),
    assignedWhy: z.record(z.string(), z.unknown()).nullable(),
    /** The import it was brought in by. */
    importId: id.nullable(),
    /** Another team that the routing table leads to since its type or place was changed. */
    reroute: z.object({ teamId: id, lineId: id.nullable() }).nullable(),
  }),
  /** Where somebody was asked to approve it. */
  proposal: proposalRow.nullable(),
  points: z.array(pointRow),
  clocks: z.array(clock),
  timeline: z.array(timelineItem),
  timelineBefore: z.string().nullable(),
  timelineCounts: z.object({
    messages: z.number().int(),
    calls: z.number().int(),
    notes: z.number().int(),
    events: z.number().int(),
  }),
  /** Messages that a person folded away (true) or unfolded; others stand as their flags say. */
  folds: z.record(z.string(), z.boolean()),
  translations: z.array(z.object({ messageId: id, locale, text: z.string(), by: z.string(), at: instant })),
  /** Our own numbers on letters to an authority, by message. */
  letterNos: z.record(z.string(), z.string()),
  attachments: z.array(attachmentRow),
  customer: customerCard.nullable(),
  helpers: z.array(person.extend({ kind: z.string() })),
  access: z.array(person),
  subjects: z.array(person),
  links: z.array(linkRow),
  suggestions: z.array(suggestionRow),
  actions: z.array(action),
  /** Who may do the review; empty where none can be asked for. */
  reviewers: z.array(person),
  /** The reader's own unsent words here, `complaint.<id>.…`. */
  drafts: z.array(draft),
})

export type ComplaintPage = z.infer<typeof complaintPage>
