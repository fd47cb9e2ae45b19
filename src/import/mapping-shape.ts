import { z } from 'zod'
import { isZoneName } from '../clocks/domain/index.ts'
import { dateTargets, headRows, isFormat, kinds, type Mapping, targets, valueTargets } from './domain/index.ts'

const column = z.string().min(1).max(500)
const dateRule = z.object({
  format: z.string().min(1).max(60).refine(isFormat, { error: 'is no date format' }),
  zone: z.string().max(60).refine(isZoneName, { error: 'is no time zone' }),
})
const rules = z.union([dateRule, z.partialRecord(z.enum(dateTargets), dateRule)])
const some = z.record(z.string().max(500), z.string().max(200).nullable())

export const formatShape = z.object({
  kind: z.enum(kinds).optional(),
  encoding: z.string().max(40).optional(),
  delimiter: z.string().min(1).max(1).optional(),
  sheet: z.string().max(200).optional(),
  header: z.number().int().min(1).max(headRows).optional(),
})

/** How a file is to be understood, as YAML file or JSON. */
export const mappingShape = z.strictObject({
  /** Under this name ids are unique: rows of the same source and id are the same complaint, in whatever file. */
  source: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u)
    .optional(),
  format: formatShape.optional(),
  columns: z.partialRecord(z.enum(targets), z.union([column, z.array(column).min(1).max(10)])),
  /** Of each target what its values mean: a code, a name, or null for nothing. */
  values: z.partialRecord(z.enum(valueTargets), some).optional(),
  dates: rules.optional(),
  /** What a row is that says nothing of it. */
  defaults: z
    .strictObject({
      channel: z.string().max(40).optional(),
      type: z.string().max(40).optional(),
      team: z.string().max(200).optional(),
      place: z.string().max(200).optional(),
      state: z.enum(['open', 'closed']).optional(),
      zone: z.string().max(60).refine(isZoneName, { error: 'is no time zone' }).optional(),
    })
    .optional(),
}) satisfies z.ZodType<Mapping>
