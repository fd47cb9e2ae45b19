import { z } from 'zod'

type Schema = {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly minimum?: number
  readonly minLength?: number
  readonly minItems?: number
}

/** What stands in an id field of this name. */
export type IdOf = (field: string) => string

/** The least a shape accepts as JSON: required fields only, or with `ids: 'all'` also every optional field that holds an id. */
export function leastBody(shape: z.ZodType | undefined, idOf: IdOf, ids: 'required' | 'all' = 'required'): unknown {
  if (!shape) return undefined
  return least(z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }) as Schema, 'body', idOf, ids)
}

/** Names of all fields of a shape that hold ids, optional ones included. */
export function idFields(shape: z.ZodType | undefined): string[] {
  const found = new Set<string>()
  leastBody(
    shape,
    (field) => {
      found.add(field)
      return '00000000-0000-7000-8000-000000000000'
    },
    'all',
  )
  return [...found]
}

function least(schema: Schema, field: string, idOf: IdOf, ids: 'required' | 'all'): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const union = schema.anyOf ?? schema.oneOf
  if (union) return least(union.find((s) => s.type !== 'null') ?? {}, field, idOf, ids)
  if (schema.type === 'object') return leastObject(schema, idOf, ids)
  if (schema.type === 'array') {
    const wanted = (schema.minItems ?? 0) > 0 || (ids === 'all' && schema.items !== undefined && holdsId(schema.items))
    return wanted ? [least(schema.items ?? {}, field, idOf, ids)] : []
  }
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, schema.minimum ?? 1)
  if (schema.type === 'boolean') return true
  if (schema.format === 'uuid') return idOf(field)
  if (schema.format === 'date-time') return '2026-03-03T01:59:00Z'
  if (schema.format === 'date') return '2026-03-03'
  if (schema.format === 'email') return 'somebody@example.test'
  return 'x'.repeat(Math.max(1, schema.minLength ?? 1))
}

function leastObject(schema: Schema, idOf: IdOf, ids: 'required' | 'all'): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(schema.properties ?? {}))
    if (schema.required?.includes(name) || (ids === 'all' && holdsId(part))) made[name] = least(part, name, idOf, ids)
  return made
}

function holdsId(schema: Schema): boolean {
  if (schema.format === 'uuid') return true
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])].some(holdsId)
}
