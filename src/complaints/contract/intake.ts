import { z } from 'zod'
import { endpoint } from '../../kit/contract/endpoint.ts'
import { id, instant, line, locale, prose } from '../../kit/contract/shapes.ts'
import { mode, confidentiality, score, clock } from './values.ts'
import { callGiven } from './calling.ts'
import { suggestionRow, authority } from './page.ts'
import { newPromise } from './promise.ts'

/** Where letters reach somebody: lines as they stand on an envelope, and the country. */
export const postalAddress = z.object({ lines: prose(500), country: line(60).default('') })

export const complainant = z.object({
  name: line(200).default(''),
  mail: line(320).optional(),
  phone: line(40).optional(),
  address: postalAddress.optional(),
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
  /** The call in which it was said. */
  call: callGiven.optional(),
  /** What was promised while they were there, by whoever records it. */
  promise: newPromise.omit({ ownerId: true }).optional(),
  /** The words hurt whoever reads them: folded, never left out. */
  abusive: z.boolean().optional(),
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
  unkept: ['secret'],
  refusals: [
    'intake.received-in-future',
    'intake.backdating-needs-reason',
    'intake.unknown-reference',
    'intake.attachment-unknown',
    'complaints.not-a-recording',
    'complaints.promise-in-past',
    'intake.item-parked',
    'intake.other-item',
  ],
})
