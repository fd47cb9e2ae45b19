import { z } from 'zod'
import { id, instant, line, prose } from '../../kit/contract/shapes.ts'
import { finding, score } from './values.ts'
import { newPromise } from './promise.ts'
import { attachments, command, telling, tellingRefusals, toldByThem, toldWrong, versioned, words } from './command.ts'

export const acknowledge = command(
  'acknowledge',
  'acknowledgement',
  'Tell the complainant it was received: in words that are sent, or as told already in the channel `told`',
  versioned.extend({ text: prose(20_000).optional(), ...telling }).refine(toldByThem, toldWrong),
  [...tellingRefusals, 'complaints.acknowledgement-unproven'],
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
  ['complaints.owner-is-subject', 'complaints.owner-unknown', 'complaints.own-decision', 'complaints.not-a-reviewer'],
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
  versioned
    .extend({
      of: z.enum(['customer', 'internal', 'third_party']),
      text: prose(100_000).default(''),
      ...telling,
    })
    .refine(toldByThem, toldWrong),
  tellingRefusals,
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
  ['complaints.unknown-point', 'complaints.reasons-missing', 'complaints.after-final', 'complaints.own-decision'],
)

export const addPoint = command(
  'add_point',
  'points',
  'One more thing complained of',
  versioned.extend({ text: line(2000).min(1) }),
)

export const note = command(
  'note',
  'notes',
  'An internal note: never shown outside',
  versioned.partial().extend({
    text: words,
    /** Colleagues named in it: they may open the complaint from now on. */
    mentions: z.array(id).max(20).optional(),
    promise: newPromise.optional(),
    ...attachments,
  }),
  ['complaints.owner-unknown', 'complaints.owner-is-subject', 'complaints.mention-needs-restrict'],
)

export const appendMessage = command(
  'append',
  'messages',
  'Record what the complainant said on any channel',
  versioned.partial().extend({ text: words, channel: line(40).min(1), at: instant.optional(), ...attachments }),
)
