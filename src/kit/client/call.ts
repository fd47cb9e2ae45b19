import type { BodyInput, Endpoint, ParamsOf, QueryInput, ReplyOf } from '../contract/endpoint.ts'
import type { Problem } from '../contract/shapes.ts'
import { addressOf } from './address.ts'
import { localProblem, ProblemError } from './problem-error.ts'
import { randomUuid } from './uuid.ts'

type Part<Name extends string, Value> = [Value] extends [undefined]
  ? unknown
  : Record<never, never> extends Value
    ? { readonly [K in Name]?: Value }
    : { readonly [K in Name]: Value }

/** What a call of this endpoint needs: only the parts the endpoint declares. */
export type InputOf<E> = Part<'params', ParamsOf<E>> & Part<'query', QueryInput<E>> & Part<'body', BodyInput<E>>

export type CallOptions = {
  readonly signal?: AbortSignal
  /** One key an intent: pressing "send" twice for the same text is one effect. Made here when absent. */
  readonly idempotencyKey?: string
}

const PAUSES = [300, 1_000, 3_000]
const ATTEMPT_MS = 30_000
const busy = new Set([502, 503, 504])

/**
 * Calls an endpoint and gives its reply. Writes carry an Idempotency-Key; when no answer comes, or the server is busy,
 * the same request is sent again with the same key (at most 3 times), so it takes effect once.
 * Throws `ProblemError`.
 */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: InputOf<E>,
  options: CallOptions = {},
): Promise<ReplyOf<E>> {
  const { params, query, body } = input as Record<'params' | 'query' | 'body', Record<string, unknown> | undefined>
  const headers: Record<string, string> = { accept: 'application/json' }
  if (endpoint.method !== 'GET') headers['idempotency-key'] = options.idempotencyKey ?? randomUuid()
  if (endpoint.body) headers['content-type'] = 'application/json'
  const request = {
    method: endpoint.method,
    headers,
    credentials: 'same-origin',
    ...(endpoint.body ? { body: JSON.stringify(body ?? {}) } : {}),
  } as const
  const response = await persist(addressOf(endpoint.path, params ?? {}, query ?? {}), request, options.signal)
  return (await readReply(response)) as ReplyOf<E>
}

/** Sends until something other than "busy" or silence answers. */
export async function persist(address: string, request: RequestInit, signal?: AbortSignal): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const pause = PAUSES[attempt]
    const response = await attemptOnce(address, request, signal)
    if (response && !(busy.has(response.status) && pause !== undefined)) return response
    if (pause === undefined) throw new ProblemError(localProblem('client.offline', 0))
    await wait(Math.max(pause, retryAfter(response)), signal)
  }
}

/** The JSON of a good answer; a problem is thrown. */
export async function readReply(response: Response): Promise<unknown> {
  const text = await response.text()
  const value = parse(text)
  if (response.ok) return value
  if (isProblem(value)) throw new ProblemError(value)
  throw new ProblemError(localProblem('client.bad-answer', response.status))
}

async function attemptOnce(address: string, request: RequestInit, signal?: AbortSignal): Promise<Response | undefined> {
  const limit = AbortSignal.timeout(ATTEMPT_MS)
  try {
    return await fetch(address, { ...request, signal: signal ? AbortSignal.any([signal, limit]) : limit })
  } catch (error) {
    if (signal?.aborted) throw error
    return undefined
  }
}

function retryAfter(response: Response | undefined): number {
  const seconds = Number(response?.headers.get('retry-after') ?? 0)
  return Number.isFinite(seconds) ? Math.min(seconds, 5) * 1000 : 0
}

function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}

function parse(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value
}
