import { z } from 'zod'

// zod's own strict objects would have to be asked for at every object of every contract: forgetting one would show nowhere.

/**
 * Where a value that fits a shape holds keys the shape does not name, at any depth: a field with a typing error would
 * else be ignored, and its sender believe it was done. What a record or an `unknown` holds is the sender's own.
 */
export function strays(shape: z.ZodType | undefined, value: unknown, path: readonly string[] = []): string[][] {
  if (shape instanceof z.ZodObject) {
    if (!isObject(value)) return []
    const known: Record<string, z.ZodType> = shape.shape
    return Object.entries(value).flatMap(([name, part]) =>
      Object.hasOwn(known, name) ? strays(known[name], part, [...path, name]) : [[...path, name]],
    )
  }
  if (shape instanceof z.ZodArray)
    return Array.isArray(value) ? value.flatMap((v, i) => strays(shape.element as z.ZodType, v, [...path, `${i}`])) : []
  if (shape instanceof z.ZodRecord)
    return isObject(value)
      ? Object.entries(value).flatMap(([k, v]) => strays(shape.valueType as z.ZodType, v, [...path, k]))
      : []
  if (shape instanceof z.ZodUnion) {
    const options = (shape.options as readonly z.ZodType[]).filter((option) => option.safeParse(value).success)
    const found = options.map((option) => strays(option, value, path))
    return found.find((some) => some.length === 0) ?? found[0] ?? []
  }
  if (shape instanceof z.ZodPipe) return strays(shape.in as z.ZodType, value, path)
  const inner = shape && 'innerType' in shape.def ? shape.def.innerType : undefined
  return inner instanceof z.ZodType ? strays(inner, value, path) : []
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
