import { createHmac } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { z } from 'zod'
import type { BodyOf, Endpoint, ParamsOf, QueryOf, ReplyInput, ReplyOf } from '../contract/endpoint.ts'
import type { Problem } from '../contract/shapes.ts'
import { type Database, type Scope, type Tx } from '../db/database.ts'
import { canonicalJson } from '../pure/jcs.ts'
import { cleanJson } from './clean.ts'
import { RefusalError } from '../pure/result.ts'
import { invalidRequest, sendProblem, unknownFields } from './problem.ts'
import { strays } from './strays.ts'

/** Who calls. `caller` names the credential (idempotency keys and rate limits are per caller). */
export type Actor = {
  readonly caller: string
  readonly scope: Scope
  readonly permissions: ReadonlySet<string>
}

/** What a handler is given: everything is an argument, time too. */
export type Call<E, A extends Actor> = {
  readonly params: ParamsOf<E>
  readonly query: QueryOf<E>
  readonly body: BodyOf<E>
  readonly actor: A
  readonly tx: Tx
  readonly now: number
  readonly requestId: string
  readonly idempotencyKey: string | undefined
  /** Runs once, after COMMIT: wake-ups only, never an effect that must not be lost. */
  afterCommit(work: () => void): void
}

export type Access = string
export type Route = { readonly endpoint: Endpoint; readonly access: Access }

/** How the routes of an app are bound: who is calling, may they, and where is the data. */
export type Binding<A extends Actor> = {
  readonly server: FastifyInstance
  readonly db: Database
  readonly now: () => number
  /** Keys what is kept of a request to know it again: without it nobody can try out who was named in one. */
  readonly requestKey: Buffer
  /** Gives the actor or throws a RefusalError (401, 403). */
  readonly authorise: (request: FastifyRequest, access: Access) => Promise<A>
  /** Every route ever bound: OpenAPI, and the sweeps that try each of them. */
  readonly routes: Route[]
}

/** Gives the unkept fields of a reply again, from what was kept of it. */
type Again<E> = (kept: ReplyOf<E>) => Partial<ReplyOf<E>>

/**
 * Binds an endpoint: `on(app, endpoint, 'complaint.answer').answer(handler)`. The reply type comes from the endpoint
 * before the handler, so a handler that forgets a field does not compile. An endpoint with `unkept` fields needs `again`,
 * which makes them for a repetition.
 */
export function on<A extends Actor, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  binding: Binding<A>,
  endpoint: Endpoint<P, Q, B, R>,
  access: Access,
): {
  answer(
    handler: (call: Call<Endpoint<P, Q, B, R>, A>) => Promise<ReplyInput<Endpoint<P, Q, B, R>>>,
    again?: Again<Endpoint<P, Q, B, R>>,
  ): void
} {
  binding.routes.push({ endpoint: endpoint as unknown as Endpoint, access })
  return {
    answer(handler, again) {
      if (endpoint.unkept && !again) throw new Error(`${endpoint.id} has fields that are not kept, and no way to them`)
      const bound = {
        endpoint: endpoint as Endpoint,
        access,
        handler: handler as Handler<A>,
        again: again as Again<Endpoint>,
      }
      binding.server.route({
        method: endpoint.method,
        url: endpoint.path,
        handler: (request, reply) => handle(binding, bound, request, reply),
      })
    },
  }
}

type Handler<A extends Actor> = (call: Call<Endpoint, A>) => Promise<unknown>
type Bound<A extends Actor> = Route & { readonly handler: Handler<A>; readonly again: Again<Endpoint> | undefined }

async function handle<A extends Actor>(
  binding: Binding<A>,
  { endpoint, access, handler, again }: Bound<A>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const actor = await binding.authorise(request, access)
  const read = readRequest(endpoint, request)
  if (read.error) return sendProblem(reply, read.error)
  const given = read.given
  const after: (() => void)[] = []
  const key = idempotencyKey(request)
  const call = (tx: Tx): Call<Endpoint, A> => ({
    params: given.params,
    query: given.query,
    body: given.body,
    actor,
    tx,
    now: binding.now(),
    requestId: request.id,
    idempotencyKey: key,
    afterCommit: (work) => after.push(work),
  })
  const mode = endpoint.method === 'GET' ? 'read' : 'write'
  const status = endpoint.status ?? 200
  const outcome = await binding.db.withScope(
    actor.scope,
    async (tx) => {
      after.length = 0
      const replay = key && mode === 'write' ? await claim(tx, binding, { actor, endpoint, key, given }) : undefined
      if (replay) return { ...replay, value: made(replay.value, again), replayed: true }
      const value: unknown = endpoint.reply.parse(await handler(call(tx)))
      if (key && mode === 'write') remember(tx, actor, key, status, keptOf(endpoint, value))
      return { status, value, replayed: false }
    },
    mode,
  )
  for (const work of after) work()
  if (outcome.replayed) reply.header('idempotent-replay', 'true')
  return reply
    .code(outcome.status)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(JSON.stringify(outcome.value ?? null))
}

/** What an endpoint without a body, or a query, takes of one. */
const nothing = z.object({})

type Given = Record<'params' | 'query' | 'body', unknown>

/** The request's parts in the endpoint's shapes, or the problem with the first part that is wrong. */
function readRequest(endpoint: Endpoint, request: FastifyRequest): { given: Given; error?: Problem } {
  const parts = { params: endpoint.params, query: endpoint.query, body: endpoint.body } as const
  const given: Record<string, unknown> = { params: undefined, query: undefined, body: undefined }
  for (const [where, shape] of Object.entries(parts)) {
    const raw = where === 'params' ? request.params : where === 'query' ? request.query : (request.body ?? {})
    const clean = cleanJson(raw)
    if (where !== 'params') {
      const unknown = strays(shape ?? nothing, clean)
      if (unknown.length > 0) return { given: given as Given, error: unknownFields(unknown, request.id, where) }
    }
    if (!shape) continue
    const parsed = shape.safeParse(clean)
    if (!parsed.success) return { given: given as Given, error: invalidRequest(parsed.error, request.id, where) }
    given[where] = parsed.data
  }
  return { given: given as Given }
}

/** What a handler outside a scope is given: no transaction, no idempotency; the actor unless access is 'public'. */
export type UnscopedCall<E, A> = Omit<Call<E, Actor>, 'actor' | 'tx' | 'afterCommit' | 'idempotencyKey'> & {
  readonly actor: A
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/**
 * Binds an endpoint that runs before an organisation is known (sign-in), hashes for long, or answers a secret that
 * must not be kept for an idempotent replay. The handler opens its own transactions.
 */
export function onUnscoped<
  A extends Actor,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
  const W extends Access,
>(
  binding: Binding<A>,
  endpoint: Endpoint<P, Q, B, R>,
  access: W,
): {
  answer(
    handler: (
      call: UnscopedCall<Endpoint<P, Q, B, R>, W extends 'public' ? undefined : A>,
    ) => Promise<ReplyInput<Endpoint<P, Q, B, R>>>,
  ): void
} {
  binding.routes.push({ endpoint: endpoint as unknown as Endpoint, access })
  return {
    answer(handler) {
      const unscoped = handler as unknown as (call: UnscopedCall<Endpoint, A | undefined>) => Promise<unknown>
      binding.server.route({
        method: endpoint.method,
        url: endpoint.path,
        handler: async (request, reply) => {
          const actor = access === 'public' ? undefined : await binding.authorise(request, access)
          const read = readRequest(endpoint as Endpoint, request)
          if (read.error) return sendProblem(reply, read.error)
          const { params, query, body } = read.given
          const value = await unscoped({
            params,
            query,
            body,
            actor,
            now: binding.now(),
            requestId: request.id,
            request,
            reply,
          })
          return sendValue(reply, endpoint.status ?? 200, endpoint.reply.parse(value))
        },
      })
    },
  }
}

function sendValue(reply: FastifyReply, status: number, value: unknown): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(JSON.stringify(value ?? null))
}

function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key))
    throw new RefusalError({ code: 'request.bad-idempotency-key', status: 400 })
  return key
}

/** Claims a key inside the effect's own transaction: a second request waits for the first, then gets its reply. */
async function claim(
  tx: Tx,
  { requestKey, now }: Pick<Binding<Actor>, 'requestKey' | 'now'>,
  asked: { actor: Actor; endpoint: Endpoint; key: string; given: Record<string, unknown> },
) {
  const { actor, endpoint, key, given } = asked
  const hash = createHmac('sha256', requestKey)
    .update(canonicalJson({ id: endpoint.id, params: given.params ?? null, body: given.body ?? null }))
    .digest()
  const at = new Date(now())
  const fresh = await tx.run(
    sql`insert into idempotency (org_id, caller, key, request_hash, created_at) values (${actor.scope.org}, ${actor.caller}, ${key}, ${hash}, ${at})
        on conflict do nothing`,
    'idempotency-claim',
  )
  if (fresh === 1) return undefined
  const seen = await tx.first<{ request_hash: Buffer; status: number; reply: unknown }>(
    sql`select request_hash, status, reply from idempotency where org_id = ${actor.scope.org} and caller = ${actor.caller} and key = ${key}`,
  )
  if (!seen || !seen.request_hash.equals(hash))
    throw new RefusalError({ code: 'request.idempotency-key-reused', status: 422 })
  return { status: seen.status, value: seen.reply }
}

/** What is kept of a reply: no secret, which would stand in clear in the table. */
function keptOf(endpoint: Endpoint, value: unknown): unknown {
  const unkept = new Set(endpoint.unkept)
  if (unkept.size === 0 || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => !unkept.has(name)))
}

function made(kept: unknown, again: Again<Endpoint> | undefined): unknown {
  return again && typeof kept === 'object' && kept !== null ? { ...kept, ...(again(kept) as object) } : kept
}

function remember(tx: Tx, actor: Actor, key: string, status: number, value: unknown): void {
  tx.send(
    sql`update idempotency set status = ${status}, reply = ${JSON.stringify(value ?? null)}::jsonb
        where org_id = ${actor.scope.org} and caller = ${actor.caller} and key = ${key}`,
    'idempotency-remember',
  )
}
