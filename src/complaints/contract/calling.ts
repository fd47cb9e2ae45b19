import { z } from 'zod'
import { id, instant, line, prose } from '../../kit/contract/shapes.ts'
import { attachments, command, versioned } from './command.ts'
import { callRow } from './page.ts'
import { newPromise } from './promise.ts'

/** A telephone call, as whoever had it noted it; everything but direction and outcome may be left out. */
export const callGiven = z.object({
  direction: z.enum(['in', 'out']),
  number: line(40).default(''),
  outcome: callRow.shape.outcome,
  /** Left out: now, less its length. */
  startedAt: instant.optional(),
  seconds: z.int32().min(0).max(86_400).default(0),
  /** Whether they were told that it is recorded; null: nothing was recorded. */
  consent: z.boolean().nullable().default(null),
  /** An attachment that is sound. */
  recordingId: id.optional(),
})
export type CallGiven = z.infer<typeof callGiven>

export const call = command(
  'call',
  'calls',
  'Note a telephone call, with what was said; one of ours that nobody took counts as a try to reach them',
  versioned
    .partial()
    .extend({
      ...callGiven.shape,
      text: prose(100_000).default(''),
      abusive: z.boolean().default(false),
      promise: newPromise.optional(),
      /** Why a call that reached them is written down so late. */
      toldLate: line(500).optional(),
      ...attachments,
    })
    .refine((b) => b.direction === 'out' || b.outcome !== 'reached' || b.text.trim() !== '', {
      path: ['text'],
      message: 'what was said',
    }),
  ['complaints.not-a-recording', 'complaints.told-late', 'complaints.promise-in-past', 'intake.attachment-unknown'],
)
