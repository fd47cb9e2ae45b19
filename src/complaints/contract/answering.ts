import { z } from 'zod'
import { line, prose } from '../../kit/contract/shapes.ts'
import { newPromise } from './promise.ts'
import { money } from './money.ts'
import {
  attachments,
  command,
  findings,
  telling,
  tellingRefusals,
  toldByThem,
  toldWrong,
  versioned,
  words,
} from './command.ts'

export const propose = command(
  'propose',
  'proposal',
  'Propose a remedy, with what it is worth',
  versioned.extend({ remedyCode: line(40), amount: money.optional(), text: words }),
  ['complaints.after-final', 'complaints.own-decision', 'complaints.remedy-started'],
)

export const requestApproval = command(
  'request_approval',
  'approval-request',
  'Ask for approval of the proposal; `reason`: what whoever approves should know',
  versioned.extend({ reason: line(1000).default('') }),
  ['complaints.no-remedy', 'complaints.approval-asked'],
)

export const approve = command(
  'approve',
  'approval',
  "Approve or decline the proposal; never one's own",
  versioned
    .extend({ approved: z.boolean(), reason: line(1000).default('') })
    .refine((b) => b.approved || b.reason.trim() !== '', { path: ['reason'], message: 'needed to decline' }),
  ['complaints.own-proposal', 'complaints.own-decision', 'complaints.nothing-to-approve'],
)

export const decideOutcome = command(
  'decide',
  'decision',
  'Our finding on the whole',
  versioned.extend({
    outcomeCode: line(40),
    findings,
  }),
  ['complaints.points-open', 'complaints.reasons-missing', 'complaints.after-final', 'complaints.own-decision'],
)

export const reply = command(
  'reply',
  'replies',
  'Write to the complainant; `decision` makes it the answer that decides; `told`: it was told already, in that channel. To an authority it records what was answered there',
  versioned
    .extend({
      /** Left out: to the complainant. */
      to: z.enum(['complainant', 'authority']).optional(),
      text: words,
      ...telling,
      decision: z.boolean().default(false),
      outcomeCode: line(40).optional(),
      findings,
      /** What the answer grants, where that is not what was proposed; never more than was approved. */
      remedyCode: line(40).optional(),
      amount: money.optional(),
      promise: newPromise.optional(),
      /** Of a letter to an authority: our own number on it (發文字號). */
      letterNo: line(100).optional(),
      /** In the same moment: wait for the complainant, or close. Where that may not be, nothing is sent. */
      next: z
        .discriminatedUnion('do', [
          z.object({ do: z.literal('wait') }),
          z.object({ do: z.literal('close'), reasonCode: line(40), summary: words }),
        ])
        .optional(),
      ...attachments,
    })
    .refine(toldByThem, toldWrong)
    .refine((b) => b.to !== 'authority' || b.told, { path: ['told'], message: 'how the authority was told' })
    .refine((b) => b.to === 'authority' || !b.letterNo, { path: ['letterNo'], message: 'of letters to an authority' })
    .refine((b) => b.to !== 'authority' || !b.decision, { path: ['decision'], message: 'decided for complainants' }),
  [
    ...tellingRefusals,
    'complaints.no-authority',
    'complaints.points-open',
    'complaints.reasons-missing',
    'complaints.remedy-not-approved',
    'complaints.after-final',
    'complaints.own-decision',
  ],
)

export const answerAuthority = command(
  'answer_authority',
  'authority-answers',
  'Record what an authority was answered, in any state; `told` is how',
  versioned.extend({
    text: words,
    letterNo: line(100).optional(),
    ...telling,
    told: line(40).min(1),
    promise: newPromise.optional(),
    ...attachments,
  }),
  [...tellingRefusals, 'complaints.no-authority'],
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
  versioned.extend({ remedyCode: line(40).optional(), amount: money.optional(), text: prose(2000).default('') }),
  ['complaints.remedy-not-approved', 'complaints.other-remedy', 'complaints.no-remedy', 'complaints.remedy-started'],
)

export const finishRemedy = command(
  'finish_remedy',
  'remedy-completion',
  'The remedy is carried out',
  versioned.extend({ evidence: line(1000).default(''), amount: money.optional(), ...attachments }),
  ['complaints.evidence-missing', 'complaints.no-remedy', 'complaints.remedy-not-approved'],
)

export const confirm = command(
  'confirm',
  'confirmation',
  'Follow-up: what the complainant says of the answer and the remedy; `channel` was tried when they are unreachable',
  versioned
    .extend({
      stance: z.enum(['accepted', 'not_accepted', 'unreachable']),
      channel: line(40).optional(),
      text: prose(20_000).default(''),
    })
    .refine((b) => b.stance !== 'unreachable' || b.channel, { path: ['channel'], message: 'which way was tried' }),
  ['intake.unknown-channel'],
)

export const tryToReach = command(
  'try_to_reach',
  'attempts',
  'Somebody tried to reach the complainant and could not; `channel` was tried',
  versioned.extend({ channel: line(40).min(1), text: prose(20_000).default('') }),
  ['intake.unknown-channel'],
)
