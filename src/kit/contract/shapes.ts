import { z } from 'zod'

// Shapes that many contracts share. Text is bounded everywhere; NUL and lone surrogates are dealt with at the edge.

export const id = z.uuid()
export const instant = z.iso.datetime({ offset: true })
/** A line of text: trimmed, line breaks and tabs become spaces. */
export const line = (max: number) =>
  z
    .string()
    .overwrite((text) => text.replaceAll(/[\n\t]+/g, ' '))
    .trim()
    .max(max)
export const prose = (max: number) => z.string().max(max)
export const locale = z.enum(['zh-Hant', 'zh-Hans', 'en'])
export type Locale = z.infer<typeof locale>
/** A name in the three languages of the product. */
export const labels = z.object({ zhHant: z.string(), zhHans: z.string(), en: z.string() })
export type Labels = z.infer<typeof labels>

/** An opaque position in a list; tampering is refused, never trusted. */
export const cursor = z.string().max(400).optional()
export const pageSize = z.coerce.number().int().min(1).max(100).default(50)

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  requestId: z.string().optional(),
  facts: z.record(z.string(), z.unknown()).optional(),
  /** `rule`: what was broken, for words in the reader's language; `most`: how many characters it may have, where that was it. */
  errors: z
    .array(
      z.object({
        path: z.string(),
        message: z.string(),
        rule: z.string().optional(),
        most: z.number().optional(),
      }),
    )
    .optional(),
})
export type Problem = z.infer<typeof problem>
