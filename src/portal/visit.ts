import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Labels, Locale } from '../kit/contract/shapes.ts'
import type { Services } from '../kit/services.ts'
import type { Say } from './words.ts'

export type Org = {
  readonly id: string
  readonly slug: string
  readonly no: number
  readonly name: Labels
  readonly termSet: string
  readonly locale: string
  readonly zone: string
}

/** One request of a public page: where, in which language, when. */
export type Visit = {
  readonly app: Services
  readonly org: Org
  /** Jurisdictions of the organisation's places, for the outside routes. */
  readonly jurisdictions: readonly string[]
  readonly locale: Locale
  readonly say: Say
  readonly now: number
  /** `/p/<slug>` */
  readonly base: string
  /** Path of this page within the portal, for the language links. */
  readonly here: string
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** After a POST: see the next page by GET, so that reload and back are safe. */
export function seeOther(visit: Visit, path: string): FastifyReply {
  return visit.reply.code(303).header('location', `${visit.base}${path}`).send()
}
