import { z } from 'zod'

/** A sum in minor units of its currency (ISO 4217): TWD 1,280 is 128000. */
export const money = z.object({
  minor: z.number().int().min(0).max(1_000_000_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/),
})
