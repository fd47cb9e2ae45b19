import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { cursor, id, instant, labels, line, locale, pageSize, prose } from '../kit/contract/shapes.ts'

// The complaint as the API shows it. The client sends an action and the version it saw, never a state, an owner by
// itself or a deadline.

export const mode = z.enum(['named', 'confidential', 'anonymous'])
export const confidentiality = z.enum(['normal', 'restricted', 'secret'])
export const severity = z.enum(['low', 'medium', 'high', 'critical'])
export const finding = z.enum(['upheld', 'partly_upheld', 'not_upheld', 'no_finding'])
const score = z.number().int().min(1).max(5)

export const clock = z.object({
  id,
  kind: z.string(),
  cycle: z.number().int(),
  state: z.enum(['running', 'paused', 'met', 'breached', 'cancelled']),
  startedAt: instant,
  dueAt: instant.nullable(),
  internalDueAt: instant.nullable(),
  endedAt: instant.nullable(),
  overdue: z.boolean(),
  provisional: z.boolean(),
  target: z.record(z.string(), z.unknown()),
  cause: z.record(z.string(), z.unknown()),
  policy: z.object({ key: z.string(), version: z.number().int() }),
  calendar: z.object({ key: z.string(), version: z.number().int() }),
})
export type Clock = z.infer<typeof clock>

export const person = z.object({ id, name: z.string() })

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
  typeCode: z.string().nullable(),
  customerName: z.string().nullable(),
  owner: person.nullable(),
  teamId: id,
  placeId: id.nullable(),
  productId: id.nullable(),
  receivedAt: instant,
  nextClock: z.string().nullable(),
  nextDueAt: instant.nullable(),
  overdue: z.boolean(),
  waitingFor: z.string().nullable(),
  updatedAt: instant,
})
export type ComplaintRow = z.infer<typeof complaintRow>

/** Why a thing may or may not be done now: from the same function that decides it. */
export const action = z.object({
  name: z.string(),
  allowed: z.boolean(),
  why: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()).optional(),
})
export type Action = z.infer<typeof action>

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

export const messageItem = z.object({
  kind: z.literal('message'),
  id,
  at: instant,
  direction: z.enum(['in', 'out', 'note']),
  channel: z.string(),
  visibility: z.enum(['public', 'internal']),
  authorId: id.nullable(),
  authorName: z.string(),
  body: z.string(),
  flags: z.array(z.string()),
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
})

export const customerCard = z.object({
  id,
  name: z.string(),
  locale,
  tier: z.string().nullable(),
  identities: z.array(z.object({ kind: z.string(), value: z.string(), verified: z.boolean() })),
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
    outcomeCode: z.string().nullable(),
    closureCode: z.string().nullable(),
    authority: authority.nullable(),
    loggedAt: instant,
    acknowledgedAt: instant.nullable(),
    firstReplyAt: instant.nullable(),
    decidedAt: instant.nullable(),
    respondedAt: instant.nullable(),
    remedyDoneAt: instant.nullable(),
    confirmedAt: instant.nullable(),
    closedAt: instant.nullable(),
    mergedInto: z.object({ id, number: z.string() }).nullable(),
    locale,
    publicRef: z.string(),
    remedySought: z.string(),
    onBehalfOf: z.string(),
    summary: z.string(),
    severityWhy: z.record(z.string(), z.unknown()).nullable(),
    assignedWhy: z.record(z.string(), z.unknown()).nullable(),
  }),
  points: z.array(pointRow),
  clocks: z.array(clock),
  timeline: z.array(timelineItem),
  timelineBefore: z.string().nullable(),
  attachments: z.array(attachmentRow),
  customer: customerCard.nullable(),
  helpers: z.array(person.extend({ kind: z.string() })),
  access: z.array(person),
  subjects: z.array(person),
  links: z.array(linkRow),
  suggestions: z.array(suggestionRow),
  actions: z.array(action),
})
export type ComplaintPage = z.infer<typeof complaintPage>

const byId = z.object({ id })
/** The answer to every command: the new version, and what may be done next. */
export const outcome = z.object({
  id,
  number: z.string(),
  version: z.number().int(),
  state: z.string(),
  actions: z.array(action),
})
const versioned = z.object({ version: z.int32().min(1) })

export const filters = z.object({
  view: z.enum(['mine', 'team', 'unassigned', 'all']).default('all'),
  open: z.enum(['true', 'false', 'any']).default('true'),
  state: z.string().max(40).optional(),
  teamId: id.optional(),
  ownerId: id.optional(),
  placeId: id.optional(),
  productId: id.optional(),
  customerId: id.optional(),
  type: z.string().max(40).optional(),
  severity: severity.optional(),
  channel: z.string().max(40).optional(),
  flag: z.string().max(40).optional(),
  due: z.enum(['overdue', 'soon']).optional(),
})

export const listComplaints = endpoint({
  id: 'complaints.list',
  method: 'GET',
  path: '/api/v1/complaints',
  summary: 'Complaints you may see, nearest clock first or newest first, by keyset',
  query: filters.extend({ sort: z.enum(['next', 'received']).default('next'), cursor, limit: pageSize }),
  reply: z.object({ items: z.array(complaintRow), next: z.string().nullable() }),
  refusals: ['request.bad-cursor'],
})

export const countComplaints = endpoint({
  id: 'complaints.counts',
  method: 'GET',
  path: '/api/v1/complaints/counts',
  summary: 'Open complaints per view, exact and at most two seconds old',
  reply: z.object({
    mine: z.number().int(),
    team: z.number().int(),
    unassigned: z.number().int(),
    all: z.number().int(),
    overdue: z.number().int(),
    soon: z.number().int(),
    asOf: instant,
  }),
})

export const openComplaint = endpoint({
  id: 'complaints.open',
  method: 'GET',
  path: '/api/v1/complaints/:id',
  summary: 'One complaint with its points, clocks, timeline, customer and what may be done next',
  params: byId,
  reply: complaintPage,
  refusals: ['complaints.not-found'],
})

export const readTimeline = endpoint({
  id: 'complaints.timeline',
  method: 'GET',
  path: '/api/v1/complaints/:id/timeline',
  summary: 'Earlier parts of the timeline',
  params: byId,
  query: z.object({ before: z.string().max(400) }),
  reply: z.object({ items: z.array(timelineItem), before: z.string().nullable() }),
  refusals: ['complaints.not-found', 'request.bad-cursor'],
})

export const complainant = z.object({
  name: line(200).default(''),
  mail: line(320).optional(),
  phone: line(40).optional(),
  handle: z
    .object({ kind: z.enum(['line', 'wechat', 'facebook', 'instagram', 'x', 'member_no', 'other']), value: line(200) })
    .optional(),
  locale: locale.optional(),
})

/** What staff or another system records. Only what can be said in two minutes is required: the words and the channel. */
export const newComplaint = z.object({
  channel: line(40).min(1),
  text: prose(1_500_000).refine((t) => t.trim().length > 0, { message: 'empty' }),
  title: line(300).optional(),
  points: z.array(line(2000).min(1)).max(30).optional(),
  complainant: complainant.optional(),
  customerId: id.optional(),
  mode: mode.default('named'),
  confidentiality: confidentiality.default('normal'),
  onBehalfOf: line(300).default(''),
  remedySought: prose(2000).default(''),
  typeCode: line(40).optional(),
  productId: id.optional(),
  placeId: id.optional(),
  teamId: id.optional(),
  orderNo: line(100).optional(),
  impact: score.optional(),
  likelihood: score.optional(),
  flags: z.array(line(40)).max(13).default([]),
  /** When anyone in the organisation received it; in the past it needs a reason. */
  receivedAt: instant.optional(),
  backdatingReason: line(500).optional(),
  channelSentAt: instant.optional(),
  authority: authority.optional(),
  attachmentIds: z.array(id).max(20).default([]),
  subjectStaffIds: z.array(id).max(10).default([]),
  locale: locale.optional(),
  /** The sender's own id of the item (a post, a letter number): the same one is recorded once. */
  externalId: line(200).optional(),
})
export type NewComplaint = z.infer<typeof newComplaint>

export const createComplaint = endpoint({
  id: 'complaints.create',
  method: 'POST',
  path: '/api/v1/complaints',
  summary: 'Record a complaint; answered only after it is committed',
  status: 201,
  body: newComplaint,
  reply: z.object({
    id,
    number: z.string(),
    publicRef: z.string(),
    secret: z.string(),
    version: z.number().int(),
    state: z.string(),
    receivedAt: instant,
    clocks: z.array(clock),
    suggestions: z.array(suggestionRow),
  }),
  refusals: [
    'intake.received-in-future',
    'intake.backdating-needs-reason',
    'intake.unknown-reference',
    'intake.attachment-unknown',
  ],
})

const command = <B extends z.ZodType>(name: string, path: string, summary: string, body: B, refusals: string[] = []) =>
  endpoint({
    id: `complaints.${name}`,
    method: 'POST' as const,
    path: `/api/v1/complaints/:id/${path}`,
    summary,
    params: byId,
    body,
    reply: outcome,
    refusals: ['complaints.not-found', 'complaints.stale', 'complaints.not-now', ...refusals],
  })

const attachments = { attachmentIds: z.array(id).max(20).default([]) }
const words = prose(100_000).refine((t) => t.trim().length > 0, { message: 'empty' })

export const acknowledge = command(
  'acknowledge',
  'acknowledgement',
  'Tell the complainant it was received',
  versioned.extend({ text: prose(20_000).optional() }),
)
export const assess = command(
  'assess',
  'assessment',
  'Type, product, severity (impact × likelihood) and flags',
  versioned.extend({
    impact: score,
    likelihood: score,
    flags: z.array(line(40)).max(13).default([]),
    typeCode: line(40).nullable().optional(),
    productId: id.nullable().optional(),
    placeId: id.nullable().optional(),
    orderNo: line(100).nullable().optional(),
    title: line(300).min(1).optional(),
    reason: line(500).default(''),
  }),
)
export const assign = command(
  'assign',
  'assignment',
  'Give it an owner, or a queue',
  versioned.extend({ ownerId: id.nullable(), teamId: id.optional(), reason: line(500).default('') }),
  ['complaints.owner-is-subject', 'complaints.owner-unknown'],
)
export const addHelper = command(
  'helper',
  'helpers',
  'Ask somebody else to contribute',
  versioned.extend({ staffId: id, kind: z.enum(['helper', 'tasked']).default('helper') }),
)
export const investigate = command('investigate', 'investigation', 'Start looking into it', versioned)
export const askInformation = command(
  'ask_info',
  'information-request',
  'Wait for somebody: the complainant, a colleague, a third party',
  versioned.extend({ of: z.enum(['customer', 'internal', 'third_party']), text: prose(100_000).default('') }),
)
export const resume = command(
  'resume',
  'resumption',
  'What was waited for has come',
  versioned.extend({ reason: line(500).default('') }),
)
export const findPoint = command(
  'find',
  'findings',
  'The finding and answer of points',
  versioned.extend({
    findings: z
      .array(z.object({ pointId: id, finding, answer: prose(20_000).default('') }))
      .min(1)
      .max(30),
  }),
)
export const addPoint = command(
  'add_point',
  'points',
  'One more thing complained of',
  versioned.extend({ text: line(2000).min(1) }),
)
export const propose = command(
  'propose',
  'proposal',
  'Propose a remedy',
  versioned.extend({ remedyCode: line(40), text: words }),
)
export const requestApproval = command(
  'request_approval',
  'approval-request',
  'Ask for approval of the proposal',
  versioned,
)
export const approve = command(
  'approve',
  'approval',
  "Approve or decline the proposal; never one's own",
  versioned.extend({ approved: z.boolean(), reason: line(1000).default('') }),
  ['complaints.own-proposal'],
)
export const decideOutcome = command(
  'decide',
  'decision',
  'Our finding on the whole',
  versioned.extend({
    outcomeCode: line(40),
    findings: z
      .array(z.object({ pointId: id, finding, answer: prose(20_000).default('') }))
      .max(30)
      .default([]),
  }),
  ['complaints.points-open'],
)
export const reply = command(
  'reply',
  'replies',
  'Write to the complainant; `decision` makes it the answer that decides',
  versioned.extend({
    text: words,
    decision: z.boolean().default(false),
    outcomeCode: line(40).optional(),
    findings: z
      .array(z.object({ pointId: id, finding, answer: prose(20_000).default('') }))
      .max(30)
      .default([]),
    ...attachments,
  }),
  ['complaints.points-open'],
)
export const note = command(
  'note',
  'notes',
  'An internal note: never shown outside',
  versioned.partial().extend({ text: words, ...attachments }),
)
export const appendMessage = command(
  'append',
  'messages',
  'Record what the complainant said on any channel',
  versioned.partial().extend({ text: words, channel: line(40).min(1), at: instant.optional(), ...attachments }),
)
export const contain = command(
  'contain',
  'containment',
  'The harm is stopped for now; meets the containment clock of a critical complaint',
  versioned.extend({ text: words }),
  ['complaints.nothing-to-contain'],
)
export const startRemedy = command(
  'start_remedy',
  'remedy',
  'Begin to carry the remedy out',
  versioned.extend({ remedyCode: line(40).optional(), text: prose(2000).default('') }),
)
export const finishRemedy = command(
  'finish_remedy',
  'remedy-completion',
  'The remedy is carried out',
  versioned.extend({ evidence: line(1000).default('') }),
)
export const confirm = command(
  'confirm',
  'confirmation',
  'Follow-up: what the complainant says of the answer and the remedy',
  versioned.extend({ stance: z.enum(['accepted', 'not_accepted', 'unreachable']), text: prose(20_000).default('') }),
)
export const close = command(
  'close',
  'closure',
  'Close it, with a reason and a written outcome',
  versioned.extend({ reasonCode: line(40), summary: words }),
  ['complaints.points-open', 'complaints.not-answered'],
)
export const reopen = command(
  'reopen',
  'reopening',
  'Take it up again',
  versioned.extend({ reason: line(1000).min(1) }),
)
export const requestReview = command(
  'request_review',
  'review',
  'Stage 2: another person looks again',
  versioned.extend({ reason: line(2000).min(1), reviewerId: id.optional() }),
)
export const finalise = command(
  'finalise',
  'final-decision',
  "The reviewer's final answer",
  versioned.extend({ outcomeCode: line(40), text: words }),
  ['complaints.own-decision'],
)
export const goExternal = command(
  'external',
  'external-dispute',
  'Taken to an outside body',
  versioned.extend({ body: line(200).min(1), number: line(100).default('') }),
)
export const withdraw = command(
  'withdraw',
  'withdrawal',
  'The complainant takes it back',
  versioned.extend({ reason: line(1000).min(1) }),
)
export const redirect = command(
  'redirect',
  'redirection',
  'Belongs to somebody else',
  versioned.extend({ to: line(200).min(1), reason: line(1000).min(1) }),
)
export const merge = command(
  'merge',
  'merge',
  'Same matter: join it to another complaint (併案)',
  versioned.extend({ intoId: id }),
  ['complaints.merge-into-itself', 'complaints.merge-target-closed'],
)
export const unmerge = command('unmerge', 'unmerge', 'Take a merge back', versioned)
export const link = command(
  'link',
  'links',
  'Mark as repeat of, or related to, another complaint',
  versioned.extend({ otherId: id, kind: z.enum(['repeat', 'related']) }),
)
export const unlink = command(
  'unlink',
  'unlinks',
  'Take a link back',
  versioned.extend({ otherId: id, kind: z.enum(['repeat', 'related']) }),
)
export const dismissSuggestion = command(
  'dismiss',
  'suggestion-dismissals',
  'Not the same matter',
  versioned.partial().extend({ otherId: id }),
)
export const restrict = command(
  'restrict',
  'restriction',
  'Who alone may see it',
  versioned.extend({ confidentiality, staffIds: z.array(id).max(50), reason: line(500).default('') }),
)
export const nameSubject = command(
  'name_subject',
  'subjects',
  'A member of staff it is about: who never sees it',
  versioned.extend({ staffIds: z.array(id).max(10) }),
)

/** Every command endpoint by its action name; the desk offers what `actions` allows. */
export const commands = {
  acknowledge,
  assess,
  assign,
  helper: addHelper,
  investigate,
  ask_info: askInformation,
  resume,
  find: findPoint,
  add_point: addPoint,
  propose,
  request_approval: requestApproval,
  approve,
  decide: decideOutcome,
  reply,
  note,
  append: appendMessage,
  contain,
  start_remedy: startRemedy,
  finish_remedy: finishRemedy,
  confirm,
  close,
  reopen,
  request_review: requestReview,
  finalise,
  external: goExternal,
  withdraw,
  redirect,
  merge,
  unmerge,
  link,
  unlink,
  dismiss: dismissSuggestion,
  restrict,
  name_subject: nameSubject,
}

export const verifyComplaint = endpoint({
  id: 'complaints.verify',
  method: 'GET',
  path: '/api/v1/complaints/:id/verification',
  summary: 'Check the hash chain and the fold of this complaint',
  params: byId,
  reply: z.object({
    ok: z.boolean(),
    events: z.number().int(),
    head: z.string(),
    problems: z.array(z.object({ code: z.string(), seq: z.number().int().nullable() })),
  }),
})

export const catalogue = endpoint({
  id: 'catalogue.read',
  method: 'GET',
  path: '/api/v1/catalogue',
  summary: 'Types, products, places, teams, flags, outcomes, reasons, states: what menus show',
  reply: z.object({
    codes: z.record(
      z.string(),
      z.array(
        z.object({ code: z.string(), parent: z.string().nullable(), labels, facts: z.record(z.string(), z.unknown()) }),
      ),
    ),
    products: z.array(z.object({ id, code: z.string(), name: labels, kind: z.string() })),
    places: z.array(
      z.object({
        id,
        code: z.string(),
        name: labels,
        jurisdiction: z.string(),
        zone: z.string(),
        teamId: id.nullable(),
      }),
    ),
    teams: z.array(z.object({ id, key: z.string(), name: labels })),
    staff: z.array(z.object({ id, name: z.string(), teamIds: z.array(id), owns: z.boolean() })),
    states: z.array(z.object({ name: z.string(), open: z.boolean() })),
    channels: z.array(z.object({ kind: z.string(), labels })),
  }),
})
