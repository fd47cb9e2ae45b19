import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { newId } from '../kit/ids.ts'
import { hmac, open, safeEqual, seal } from '../kit/secrets.ts'
import { cookieOf, setCookie } from './cookies.ts'
import type { Visit } from './visit.ts'

export const draftCookie = 'redress_draft'
export const draftHours = 24
/** How long after sending the same browser still shows the receipt code. */
export const receiptHours = 1

const text = z.string().default('')

/** What somebody has written so far; for an anonymous one never a name, mail or telephone number. */
export const draftAnswers = z.object({
  text,
  /** Whether somebody was hurt or is in danger. */
  hurt: z.enum(['', 'yes', 'no']).default(''),
  /** Whether it is about somebody who works here. */
  staff: z.enum(['', 'yes', 'no']).default(''),
  placeId: text,
  productId: text,
  orderNo: text,
  remedySought: text,
  mode: z.enum(['', 'named', 'confidential', 'anonymous']).default(''),
  name: text,
  mail: text,
  phone: text,
  /** Where letters reach them. */
  address: text,
  country: text,
  /** For whom: oneself, or somebody else with name, relation and whether they have agreed. */
  behalf: z.enum(['', 'self', 'other']).default(''),
  behalfName: text,
  relation: text,
  authorised: z.enum(['', 'yes']).default(''),
  /** Once sent: the receipt code, sealed so that only this browser's cookie opens it. */
  receipt: text,
})
export type Answers = z.infer<typeof draftAnswers>

export type DraftKey = { readonly id: string; readonly token: string; readonly fresh: boolean }

const cookieShape = /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/

/** The draft this browser holds the key of; a new key (and cookie) when it has none. */
export function draftKey(visit: Visit): DraftKey {
  const held = heldKey(visit)
  if (held) return held
  return newDraft(visit)
}

export function heldKey(visit: Visit): DraftKey | undefined {
  const [, id, token] = cookieShape.exec(cookieOf(visit.request.headers.cookie, draftCookie) ?? '') ?? []
  return id && token ? { id, token, fresh: false } : undefined
}

export function newDraft(visit: Visit): DraftKey {
  const key = { id: newId(visit.now), token: randomBytes(32).toString('base64url'), fresh: true }
  setCookie(visit, draftCookie, `${key.id}.${key.token}`, '', draftHours * 3600)
  return key
}

export function forgetDraft(visit: Visit): void {
  setCookie(visit, draftCookie, '', '', 0)
}

/** What the row keeps of the key. */
export function draftTokenHash(key: DraftKey): Buffer {
  return createHash('sha256').update(key.token).digest()
}

/** The token every form of this draft carries. */
export function draftCsrf(visit: Visit, key: DraftKey): string {
  return hmac(visit.app.subkey('portal-csrf'), `${visit.org.id}|${key.id}|${key.token}`).toString('base64url')
}

export function isDraftCsrf(visit: Visit, key: DraftKey, given: string): boolean {
  return safeEqual(draftCsrf(visit, key), given)
}

/** The receipt code for the draft's row: without the cookie it tells nobody anything. */
export function sealReceipt(key: DraftKey, secret: string): string {
  return seal(receiptKey(key), secret, key.id).toString('base64url')
}

export function openReceipt(key: DraftKey, sealed: string): string {
  return open(receiptKey(key), Buffer.from(sealed, 'base64url'), key.id).toString('utf8')
}

function receiptKey(key: DraftKey): Buffer {
  return createHash('sha256').update(`receipt|${key.token}`).digest()
}

const nobody = {
  name: '',
  mail: '',
  phone: '',
  address: '',
  country: '',
  behalf: '',
  behalfName: '',
  relation: '',
  authorised: '',
} as const

/** Answers as they are kept: staying anonymous leaves nothing that identifies. */
export function kept(answers: Answers): Answers {
  return answers.mode === 'anonymous' ? { ...answers, ...nobody } : answers
}
