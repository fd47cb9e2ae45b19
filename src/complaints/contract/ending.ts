import { id, line } from '../../kit/contract/shapes.ts'
import { command, findings, versioned, words } from './command.ts'

export const close = command(
  'close',
  'closure',
  'Close it, with a reason and a written outcome',
  versioned.extend({ reasonCode: line(40), summary: words }),
  [
    'complaints.points-open',
    'complaints.not-answered',
    'complaints.authority-not-answered',
    'complaints.dates-owed',
    'complaints.not-accepted',
    'complaints.remedy-not-done',
    'complaints.too-few-attempts',
    'complaints.wrong-closing-reason',
  ],
)

export const reopen = command(
  'reopen',
  'reopening',
  'Take it up again',
  versioned.extend({ reason: line(1000).min(1) }),
  ['complaints.after-final', 'complaints.own-decision'],
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
  versioned.extend({
    outcomeCode: line(40),
    text: words,
    told: line(40).optional(),
    remedyCode: line(40).optional(),
    findings,
  }),
  ['complaints.own-decision', 'complaints.unknown-point', 'replies.no-way-to-reach'],
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
  ['complaints.authority-not-answered'],
)

export const redirect = command(
  'redirect',
  'redirection',
  'Belongs to somebody else, and the complainant is told to whom',
  versioned.extend({
    to: line(200).min(1),
    text: words,
    told: line(40).optional(),
    reason: line(1000).default(''),
  }),
  ['complaints.authority-not-answered', 'replies.no-way-to-reach'],
)
