import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { instant } from '../kit/contract/shapes.ts'

/** The longest value, in UTF-16 units of its JSON. */
export const longestDraft = 1_048_576

/** What a draft is of: `complaint.<id>.reply`, `call.<id>`. */
export const draftKey = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/)

const earlier = z.object({ value: z.unknown(), version: z.number(), updatedAt: instant })

/**
 * Unsent words of the caller. `version` rises with every save, over removals too; `other` is what was replaced by a save
 * that had not seen it (another window, another machine), until a later save drops it.
 */
export const draft = earlier.extend({ key: z.string(), writer: z.string(), other: earlier.nullable() })
export type Draft = z.infer<typeof draft>

const byKey = z.object({ key: draftKey })

export const listDrafts = endpoint({
  id: 'drafts.list',
  method: 'GET',
  path: '/api/v1/drafts',
  summary: "One's own drafts whose key begins so, newest first",
  query: z.object({ prefix: z.string().max(200).default('') }),
  reply: z.object({ items: z.array(draft) }),
})

export const getDraft = endpoint({
  id: 'drafts.get',
  method: 'GET',
  path: '/api/v1/drafts/:key',
  summary: "One of one's own drafts; null where there is none",
  params: byKey,
  reply: z.object({ draft: draft.nullable() }),
})

export const putDraft = endpoint({
  id: 'drafts.put',
  method: 'PUT',
  path: '/api/v1/drafts/:key',
  summary:
    "Keep unsent words; the newest save wins, what it replaced unseen is offered as `other`. Nobody else's eyes see them",
  params: byKey,
  body: z.object({
    value: z.unknown().refine((v) => v !== undefined && JSON.stringify(v).length <= longestDraft, {
      message: 'some JSON of at most 1 MB',
    }),
    /** The version these words were written on; null: where there was none. */
    base: z.number().nullable().default(null),
    /** The window that writes: what it saved itself it does not replace unseen. */
    writer: z.string().max(64).default(''),
    /** The replaced words were seen and are not wanted. */
    dropOther: z.boolean().default(false),
  }),
  reply: draft,
  unkept: ['value', 'other'],
  refusals: ['drafts.too-many'],
})

export const deleteDraft = endpoint({
  id: 'drafts.delete',
  method: 'DELETE',
  path: '/api/v1/drafts/:key',
  summary: 'Drop a draft: it was sent, or is not wanted',
  params: byKey,
  reply: z.object({}),
})
