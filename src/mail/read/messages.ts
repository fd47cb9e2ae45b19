import type { Refusal } from '../../kit/pure/result.ts'
import type { ReadMail } from '../domain/mail.ts'
import type { ReadContext } from './context.ts'

/** What the program says to a thread of the pool … */
export type ToWorker =
  | {
      readonly kind: 'read'
      readonly id: number
      readonly raw: Uint8Array
      readonly context: Omit<ReadContext, 'resolver'>
      readonly resolves: boolean
    }
  | { readonly kind: 'answer'; readonly id: number; readonly records?: unknown; readonly code?: string }

/** … and what it hears. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'mail'; readonly id: number; readonly mail: ReadMail }
  | { readonly kind: 'problem'; readonly id: number; readonly problem: Refusal }
  | { readonly kind: 'ask'; readonly id: number; readonly domain: string; readonly type: string }
