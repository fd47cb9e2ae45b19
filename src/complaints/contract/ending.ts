import { id, line } from '../../kit/contract/shapes.ts'
import { money } from './money.ts'
import { command, findings, telling, tellingRefusals, toldByThem, toldWrong, versioned, words } from './command.ts'

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
    'complaints.acceptance-missing',
    'complaints.silence-too-short',
    'complaints.not-tried',
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

export const leaveEnded = command(
  'leave_ended',
  'left-ended',
  'They wrote again after the end: it was looked at and stays ended, and why',
  versioned.extend({ reason: line(1000).min(1) }),
  ['complaints.promises-owed'],
)

export const requestReview = command(
  'request_review',
  'review',
  'Stage 2: another person looks again',
  versioned.extend({ reason: line(2000).min(1), reviewerId: id.optional() }),
  ['complaints.own-decision', 'complaints.owner-is-subject', 'complaints.after-final'],
)

export const finalise = command(
  'finalise',
  'final-decision',
  "The reviewer's final answer",
  versioned
    .extend({
      outcomeCode: line(40),
      text: words,
      ...telling,
      remedyCode: line(40).optional(),
      amount: money.optional(),
      findings,
    })
    .refine(toldByThem, toldWrong),
  [
    'complaints.reasons-missing',
    'complaints.remedy-not-approved',
    'complaints.own-decision',
    'complaints.unknown-point',
    'complaints.authority-not-answered',
    ...tellingRefusals,
  ],
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
  'The complainant takes it back; where somebody may be at risk it is noted, and a lead or reviewer ends it',
  versioned.extend({ reason: line(1000).min(1) }),
  ['complaints.authority-not-answered', 'complaints.withdrawal-noted'],
)

export const redirect = command(
  'redirect',
  'redirection',
  'Belongs to somebody else, and the complainant is told to whom',
  versioned
    .extend({
      to: line(200).min(1),
      text: words,
      ...telling,
      reason: line(1000).default(''),
    })
    .refine(toldByThem, toldWrong),
  ['complaints.authority-not-answered', ...tellingRefusals],
)
