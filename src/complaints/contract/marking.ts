import { z } from 'zod'
import { id, locale } from '../../kit/contract/shapes.ts'
import { endpoint } from '../../kit/contract/endpoint.ts'
import { byId, command, versioned, words } from './command.ts'

export const foldMessage = command(
  'fold',
  'foldings',
  'Fold abusive words away behind a click, or unfold them; nothing is removed',
  versioned.partial().extend({ messageId: id, folded: z.boolean().default(true) }),
  ['complaints.no-such-message'],
)

export const translateMessage = command(
  'translate',
  'translations',
  "Put a person's translation beside a message",
  versioned.partial().extend({ messageId: id, locale, text: words }),
  ['complaints.no-such-message'],
)

/** Longer messages are cut in the timeline; `readMessage` gives the whole. Characters. */
export const shownInTimeline = 20_000

export const readMessage = endpoint({
  id: 'complaints.message',
  method: 'GET',
  path: '/api/v1/complaints/:id/whole-message',
  summary: 'The whole of a message that the timeline shows cut',
  params: byId,
  query: z.object({ messageId: id }),
  reply: z.object({ body: z.string() }),
  refusals: ['complaints.not-found', 'complaints.no-such-message'],
})

export const similarComplaints = endpoint({
  id: 'complaints.similar',
  method: 'GET',
  path: '/api/v1/complaints/:id/similar',
  summary: 'Complaints of any time, among those you may see, that say nearly the same; with what was found and done',
  params: byId,
  reply: z.object({
    items: z.array(
      z.object({
        id,
        number: z.string(),
        title: z.string(),
        state: z.string(),
        open: z.boolean(),
        receivedAt: z.string(),
        /** 0 … 1, how much of the words is the same. */
        likeness: z.number(),
        outcomeCode: z.string().nullable(),
        remedyCode: z.string().nullable(),
        summary: z.string(),
      }),
    ),
  }),
  refusals: ['complaints.not-found'],
})
