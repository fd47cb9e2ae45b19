import { id } from '../../kit/contract/shapes.ts'
import { command, versioned, words } from './command.ts'

export const handOver = command(
  'hand_over',
  'handover',
  'Hand over to a person or a team with a summary; whoever has it stays answerable until it is taken',
  versioned
    .extend({ staffId: id.optional(), teamId: id.optional(), text: words })
    .refine((b) => b.staffId !== undefined || b.teamId !== undefined, { path: ['staffId'], message: 'to whom' }),
  ['complaints.owner-is-subject', 'complaints.owner-unknown', 'complaints.already-theirs'],
)

export const acceptHandover = command(
  'accept_handover',
  'handover-acceptance',
  'Take what was handed over: from here on it is yours',
  versioned,
  ['complaints.no-handover', 'complaints.handover-not-yours'],
)

export const returnHandover = command(
  'return_handover',
  'handover-return',
  'Give it back to whoever handed it over, with the reason; or take back what one handed over',
  versioned.extend({ reason: words }),
  ['complaints.no-handover', 'complaints.handover-not-yours'],
)
