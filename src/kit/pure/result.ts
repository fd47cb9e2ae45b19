/**
 * An expected "no". `code` is stable and public (`remedies.above-authority`); `facts` are values the sentence in
 * the reader's language may name. A defect is thrown instead and stays private.
 */
export type Refusal = {
  readonly code: string
  readonly status: number
  readonly facts?: Readonly<Record<string, unknown>>
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

/** The good end of a decision. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

/** An expected refusal; `status` is the HTTP status it maps to (default 422). */
export function refuse(
  code: string,
  facts?: Readonly<Record<string, unknown>>,
  status = 422,
): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: facts === undefined ? { code, status } : { code, status, facts } }
}

/** Carries a refusal out of a transaction, so that it rolls back; mapped to problem+json at the edge. */
export class RefusalError extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

/** Throws the refusal, or gives the value. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal)
  return result.value
}
