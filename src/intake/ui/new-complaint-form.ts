import type { createComplaint } from '../../complaints/contract.ts'
import { fromAuthority } from '../../channels/domain/index.ts'
import type { BodyInput } from '../../kit/contract/endpoint.ts'
import { instantOf } from '../../web/ui/time.ts'

/** The entry form as typed; empty text means "not said". */
export type Form = {
  readonly channel: string
  readonly text: string
  readonly title: string
  readonly points: string
  readonly mode: 'named' | 'confidential' | 'anonymous'
  readonly confidentiality: 'normal' | 'restricted' | 'secret'
  readonly name: string
  readonly mail: string
  readonly phone: string
  readonly address: string
  readonly country: string
  readonly customerId: string
  readonly locale: '' | 'zh-Hant' | 'zh-Hans' | 'en'
  readonly onBehalfOf: string
  readonly remedySought: string
  readonly typeCode: string
  readonly productId: string
  readonly placeId: string
  readonly teamId: string
  readonly subjectId: string
  readonly orderNo: string
  readonly impact: string
  readonly flags: readonly string[]
  readonly earlier: boolean
  readonly receivedAt: string
  readonly backdatingReason: string
  readonly authorityBody: string
  readonly authorityNumber: string
  readonly authoritySender: string
  readonly askedFor: string
}

export const emptyForm: Form = {
  channel: 'phone',
  text: '',
  title: '',
  points: '',
  mode: 'named',
  confidentiality: 'normal',
  name: '',
  mail: '',
  phone: '',
  address: '',
  country: '',
  customerId: '',
  locale: '',
  onBehalfOf: '',
  remedySought: '',
  typeCode: '',
  productId: '',
  placeId: '',
  teamId: '',
  subjectId: '',
  orderNo: '',
  impact: '',
  flags: [],
  earlier: false,
  receivedAt: '',
  backdatingReason: '',
  authorityBody: '',
  authorityNumber: '',
  authoritySender: '',
  askedFor: '',
}

/** A form kept in the browser, if it still is one; what is not known any more is left out. */
export function formOf(kept: string): Form {
  try {
    const given = JSON.parse(kept || '{}') as Record<string, unknown>
    const same = (name: keyof Form) =>
      typeof given[name] === typeof emptyForm[name] && Array.isArray(given[name]) === Array.isArray(emptyForm[name])
    const names = (Object.keys(emptyForm) as (keyof Form)[]).filter(same)
    return names.length === 0 ? emptyForm : { ...emptyForm, ...Object.fromEntries(names.map((n) => [n, given[n]])) }
  } catch {
    return { ...emptyForm, text: kept }
  }
}

/** Restricted, or about a colleague: not for the disk of a shared computer. */
export function isSecret(form: Form): boolean {
  return form.confidentiality !== 'normal' || form.subjectId !== ''
}

/** What must still be said; only the words, and a reason for another date than now. */
export function missingOf(form: Form): string[] {
  const missing: string[] = []
  if (form.text.trim() === '') missing.push('text')
  if (form.earlier && form.receivedAt === '') missing.push('receivedAt')
  if (form.earlier && form.backdatingReason.trim() === '') missing.push('backdatingReason')
  if (fromAuthority(form.channel) && form.authorityBody.trim() === '') missing.push('authorityBody')
  return missing
}

/** The request: what was not said is left out. Dates are wall-clock times of the reader's zone. */
export function bodyOf(form: Form, attachmentIds: string[], zone: string): BodyInput<typeof createComplaint> {
  const named = form.mode !== 'anonymous'
  const points = form.points
    .split('\n')
    .map((p) => p.trim())
    .filter(Boolean)
  return {
    channel: form.channel,
    text: form.text,
    mode: form.mode,
    confidentiality: form.confidentiality,
    onBehalfOf: form.onBehalfOf,
    remedySought: form.remedySought,
    flags: [...form.flags],
    ...(form.impact ? { impact: Number(form.impact) } : {}),
    attachmentIds,
    ...said({
      title: form.title,
      typeCode: form.typeCode,
      productId: form.productId,
      placeId: form.placeId,
      teamId: form.teamId,
      orderNo: form.orderNo,
      locale: form.locale,
    }),
    ...(points.length > 0 ? { points } : {}),
    ...(form.subjectId ? { subjectStaffIds: [form.subjectId] } : {}),
    ...(form.customerId ? { customerId: form.customerId } : named ? { complainant: complainantOf(form) } : {}),
    ...(form.earlier ? { receivedAt: instantOf(form.receivedAt, zone), backdatingReason: form.backdatingReason } : {}),
    ...(fromAuthority(form.channel) ? { authority: authorityOf(form, zone) } : {}),
  }
}

function complainantOf(form: Form) {
  const { name, mail, phone, locale, address: lines, country } = form
  const address = lines.trim() === '' ? {} : { address: { lines, country } }
  return { name, ...said({ mail, phone, locale }), ...address }
}

function authorityOf(form: Form, zone: string) {
  return {
    body: form.authorityBody,
    number: form.authorityNumber,
    sender: form.authoritySender,
    askedFor: form.askedFor ? instantOf(`${form.askedFor}T23:59`, zone) : null,
  }
}

type Said<T> = { [K in keyof T]?: Exclude<T[K], ''> }
function said<T extends Record<string, string>>(values: T): Said<T> {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v.trim() !== '')) as Said<T>
}
