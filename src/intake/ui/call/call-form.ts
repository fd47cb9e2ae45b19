import type { call, createComplaint, NewPromise } from '../../../complaints/contract.ts'
import type { BodyInput } from '../../../kit/contract/endpoint.ts'
import type { Locale } from '../../../kit/contract/shapes.ts'

/** The fast form as typed; kept on the server every second, so it is plain JSON. */
export type CallForm = {
  readonly number: string
  readonly name: string
  readonly customer: { readonly id: string; readonly name: string; readonly locale: Locale } | null
  readonly text: string
  readonly typeCode: string
  readonly productId: string
  readonly placeId: string
  readonly orderNo: string
  readonly impact: string
  readonly promise: PromiseDraft | null
  readonly abusive: boolean
  /** Epoch ms; 0: nobody has begun yet. */
  readonly startedAt: number
  /** 0: still talking. */
  readonly endedAt: number
  /** Stored already, not yet part of a complaint. */
  readonly recording: { readonly id: string; readonly name: string; readonly consent: boolean } | null
  /** The complaint this call is about, when it is a known one. */
  readonly onto: { readonly id: string; readonly number: string } | null
}

/** A promise as typed: `when` in words. */
export type PromiseDraft = { readonly kind: NewPromise['kind']; readonly when: string; readonly text: string }

export const emptyCall: CallForm = {
  number: '',
  name: '',
  customer: null,
  text: '',
  typeCode: '',
  productId: '',
  placeId: '',
  orderNo: '',
  impact: '',
  promise: null,
  abusive: false,
  startedAt: 0,
  endedAt: 0,
  recording: null,
  onto: null,
}

/** What the link of a telephone system says: `?from=+886…&name=…`. */
export type Caller = { readonly from?: string; readonly name?: string }

/** A form kept before, with what it may lack today. */
export function callFormOf(kept: unknown): CallForm {
  return typeof kept === 'object' && kept !== null ? { ...emptyCall, ...(kept as Partial<CallForm>) } : emptyCall
}

/** The call itself, as far as it went. */
function callOf(f: CallForm, now: number) {
  const startedAt = f.startedAt || now
  const seconds = Math.max(0, Math.round(((f.endedAt || now) - startedAt) / 1000))
  return {
    direction: 'in' as const,
    outcome: 'reached' as const,
    number: f.number,
    startedAt: new Date(startedAt).toISOString(),
    seconds: Math.min(seconds, 86_400),
    ...(f.recording ? { recordingId: f.recording.id, consent: f.recording.consent } : {}),
  }
}

type Promised = { readonly at: number } | null

function promiseOf({ promise }: CallForm, when: Promised) {
  return promise && when
    ? { promise: { kind: promise.kind, text: promise.text, dueAt: new Date(when.at).toISOString() } }
    : {}
}

/** What is sent for a new complaint. `when`: the instant the promise was understood as. */
export function newComplaintOf(f: CallForm, when: Promised, now: number): BodyInput<typeof createComplaint> {
  const said = (value: string) => (value.trim() === '' ? undefined : value.trim())
  const given = {
    typeCode: said(f.typeCode),
    productId: said(f.productId),
    placeId: said(f.placeId),
    orderNo: said(f.orderNo),
    impact: f.impact ? Number(f.impact) : undefined,
  }
  const who = f.customer
    ? { customerId: f.customer.id, locale: f.customer.locale }
    : f.name.trim() || f.number.trim()
      ? { complainant: { name: f.name.trim(), ...(said(f.number) ? { phone: f.number.trim() } : {}) } }
      : {}
  return {
    channel: 'phone',
    text: f.text,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...who,
    ...(f.abusive ? { abusive: true } : {}),
    call: callOf(f, now),
    ...promiseOf(f, when),
  }
}

/** What is sent when the call is about a known complaint. */
export function moreOf(f: CallForm, when: Promised, now: number): BodyInput<typeof call> {
  return { ...callOf(f, now), text: f.text, abusive: f.abusive, ...promiseOf(f, when) }
}
