import { z } from 'zod'
import { id, instant, prose } from '../../kit/contract/shapes.ts'

/** Something promised by a date; `callback`: we call at that minute. Whoever promises keeps it, unless somebody is named. */
export const newPromise = z.object({
  kind: z.enum(['promise', 'callback']),
  text: prose(2000).default(''),
  dueAt: instant,
  ownerId: id.optional(),
  /** The complainant was told, and sees the date; false: agreed inside. */
  public: z.boolean().default(true),
})
export type NewPromise = z.infer<typeof newPromise>
