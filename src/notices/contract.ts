import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { id, instant } from '../kit/contract/shapes.ts'
import { noticeKinds } from './domain/index.ts'

const what = z.object({
  kind: z.enum(noticeKinds),
  at: instant,
  /** Whose doing it was; null: the complainant's, or time's. */
  by: z.string().nullable(),
  unread: z.boolean(),
})

/** All news of one complaint, the newest first. */
export const noticeGroup = z.object({
  complaintId: id,
  number: z.string(),
  title: z.string(),
  at: instant,
  unread: z.boolean(),
  what: z.array(what),
})
export type NoticeGroup = z.infer<typeof noticeGroup>

/** How many are unread is never told further than this. */
export const mostUnread = 99

export const listNotices = endpoint({
  id: 'notices.list',
  method: 'GET',
  path: '/api/v1/notices',
  summary: 'What is new for me, by complaint, the newest first; only of complaints I may see now',
  reply: z.object({
    /** Complaints with something unread. */
    unread: z.number().int(),
    items: z.array(noticeGroup),
  }),
})

export const markNotices = endpoint({
  id: 'notices.mark',
  method: 'PUT',
  path: '/api/v1/notices/read',
  summary: 'Mark my news read or unread: of one complaint, or all; what came after `until` stays unread',
  body: z.object({ complaintId: id.nullable(), read: z.boolean(), until: instant.optional() }),
  reply: z.object({ unread: z.number().int() }),
})
