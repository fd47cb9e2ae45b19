import { type Calendars, planClocks } from '../../../clocks/domain/index.ts'
import { type Brought, bringing } from '../brought.ts'
import { event, type EventActor, type NewEvent } from '../event.ts'
import { fromAuthority } from '../../../channels/domain/index.ts'
import { severityOf } from '../severity.ts'
import type { Spoken } from './facts.ts'
import type { CallFacts } from './calling.ts'
import { type NewPromise, promised } from './promising.ts'
import { isoWorkflow, type Workflow } from '../workflow.ts'

/** A complaint as intake hands it over: references resolved, words already turned into hashes. */
export type TakeIn = {
  readonly number: string
  readonly channel: string
  readonly mode: string
  readonly confidentiality: string
  readonly customerId: string | null
  readonly typeCode: string | null
  readonly productId: string | null
  readonly placeId: string | null
  readonly impact: number | null
  readonly likelihood: number | null
  readonly flags: readonly string[]
  readonly receivedAt: number
  readonly backdated: boolean
  /** Why it was written down later than received: the proof of the note with its words; null when it was not, or before notes. */
  readonly backdating?: Spoken | null
  readonly teamId: string
  readonly teamWhy: Readonly<Record<string, unknown>>
  readonly points: readonly { readonly id: string; readonly no: number; readonly hash: string }[]
  readonly message: Spoken
  /** The call in which it was said, and what was promised in it. */
  readonly call?: CallFacts | undefined
  readonly promise?: NewPromise | undefined
  readonly actor?: EventActor
  readonly inboundItemId: string
  /** Salted hashes of what stands beside the history, and authors and files of the messages it comes with. */
  readonly proof?: { readonly beside: IntakeProof; readonly brought: readonly Brought[] }
  readonly access: readonly string[]
  readonly subjects: readonly string[]
  readonly locale: string
  readonly jurisdiction: string
  readonly authorityDueAt: number | null
  /** How receipt was told while the person was still there (portal page, read back by telephone); null when it was not. */
  readonly acknowledgedBy: 'receipt-page' | 'read-back' | 'api' | null
}

/** Salted hashes of what intake writes into rows of its own; absent: nothing was written there. */
export type IntakeProof = {
  readonly titleHash?: string
  readonly orderHash?: string
  readonly remedyHash?: string
  readonly behalfHash?: string
  readonly referenceHash: string
  readonly receiptHash: string
  readonly authorityHash?: string
  readonly itemHash: string
}

type IntakeFacts = {
  readonly now: number
  readonly newId: () => string
  readonly calendars: Calendars
  readonly workflow?: Workflow
}

/** Taking a complaint in: its first event, with state, clocks and (when it was told at once) the acknowledgement. */
export function takeIn(given: TakeIn, facts: IntakeFacts): NewEvent[] {
  const workflow = facts.workflow ?? isoWorkflow
  const impact = given.impact ?? 2
  const likelihood = given.likelihood ?? 2
  const { severity, why } = severityOf(impact, likelihood, given.flags, {
    authority: fromAuthority(given.channel) || given.authorityDueAt !== null,
    asTold: true,
  })
  const planned = planClocks({
    severity,
    receivedAt: given.receivedAt,
    loggedAt: facts.now,
    jurisdiction: given.jurisdiction,
    calendars: facts.calendars,
    ...(given.authorityDueAt === null ? {} : { authority: { dueAt: given.authorityDueAt } }),
  })
  const clocks = planned.map((c) => {
    const met = c.kind === 'acknowledge' && given.acknowledgedBy !== null
    const late = c.dueAt !== null && facts.now > c.dueAt
    const ended = met
      ? ({ state: late ? 'breached' : 'met', settledAt: facts.now, breachedAt: late ? c.dueAt : null } as const)
      : {}
    return { ...c, ...ended, id: facts.newId(), cycle: 1 }
  })
  const told = given.acknowledgedBy !== null
  const actor = given.actor ?? { kind: 'system', id: null }
  const promise = given.promise && promised(given.promise, { ...facts, actor })
  const proof = given.proof ? { proof: given.proof.beside } : {}
  return [
    bringing(
      event(
        'received',
        {
          channel: given.channel,
          inboundItemId: given.inboundItemId,
          message: given.message,
          points: given.points.map(({ id, hash }) => ({ id, hash })),
          backdated: given.backdated,
          ...(given.backdating ? { backdating: given.backdating } : {}),
          severityWhy: { ...why, assumed: given.impact === null || given.likelihood === null },
          assignedWhy: given.teamWhy,
          acknowledgedBy: given.acknowledgedBy,
          ...(given.call ? { call: given.call } : {}),
          ...(promise ? { promised: promise.payload.facts } : {}),
          ...proof,
        },
        {
          set: {
            number: given.number,
            state: told ? 'acknowledged' : workflow.initial,
            open: true,
            workflow: { key: workflow.key, version: workflow.version },
            channel: given.channel,
            mode: given.mode,
            confidentiality: given.confidentiality,
            customerId: given.customerId,
            teamId: given.teamId,
            typeCode: given.typeCode,
            productId: given.productId,
            placeId: given.placeId,
            impact: given.impact,
            likelihood: given.likelihood,
            severity,
            receivedAt: given.receivedAt,
            loggedAt: facts.now,
            acknowledgedAt: told ? facts.now : null,
            locale: given.locale,
          },
          points: given.points.map(({ id, no }) => ({ id, no, finding: null })),
          clocks: [...clocks, ...(promise?.payload.changes.clocks ?? [])],
          ...(given.flags.length > 0 ? { flags: given.flags } : {}),
          ...(given.access.length > 0 ? { access: given.access } : {}),
          ...(given.subjects.length > 0 ? { subjects: given.subjects } : {}),
        },
      ),
      given.proof?.brought ?? [],
    ),
  ]
}
