import type { z } from 'zod'

/**
 * One route as a value: the server serves it, the web client calls it, OpenAPI documents it, tests walk it.
 * `path` uses `:name` parameters; `body` is absent on GET. A write is any method but GET: it runs in one transaction and
 * takes an Idempotency-Key.
 */
export type Endpoint<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> = {
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly summary: string
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly reply: R
  readonly status?: number
  /** Fields of the reply that are secrets: not kept for a repetition with the same key, which makes them again. */
  readonly unkept?: readonly string[]
  /** Refusal codes a caller should expect, for the documentation. */
  readonly refusals?: readonly string[]
}

/** Declares an endpoint, keeping the exact types of its shapes. */
export function endpoint<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodUnknown,
>(e: Endpoint<P, Q, B, R>): Endpoint<P, Q, B, R> {
  return e
}

export type ParamsOf<E> = E extends Endpoint<infer P, z.ZodType, z.ZodType, z.ZodType> ? z.infer<P> : never
export type QueryOf<E> = E extends Endpoint<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.infer<Q> : never
export type QueryInput<E> = E extends Endpoint<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.input<Q> : never
export type BodyOf<E> = E extends Endpoint<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.infer<B> : never
export type BodyInput<E> = E extends Endpoint<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.input<B> : never
export type ReplyOf<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.infer<R> : never
/** What a handler gives: the reply before parsing (defaults may be left out, extra fields are stripped). */
export type ReplyInput<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.input<R> : never
