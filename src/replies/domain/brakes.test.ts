import { expect, it } from 'vitest'
import { type Asked, brakedBy } from './brakes.ts'

const minute = 60_000
const now = 1_800_000_000_000
const person: Asked = {
  mailClass: 'human',
  dmarc: 'none',
  address: 'lin@customer.example',
  own: false,
  here: 0,
  day: 0,
  hour: 0,
  fromMailbox: 0,
  lastAt: null,
  now,
}

it.each<[string, Partial<Asked>, string | undefined]>([
  ['a person who writes for the first time', {}, undefined],
  ['a machine', { mailClass: 'auto_reply' }, 'not-a-person'],
  ['a report of delivery', { mailClass: 'bounce' }, 'not-a-person'],
  ['a mailing list', { mailClass: 'list' }, 'not-a-person'],
  ['a mailbox of ours', { own: true }, 'own-address'],
  ['No-Reply@', { address: 'No-Reply@shop.example' }, 'no-reply'],
  ['a person called Noreen', { address: 'noreen@shop.example' }, undefined],
  ['the postman', { address: 'MAILER-DAEMON@shop.example' }, 'no-reply'],
  ['a forged sender', { dmarc: 'fail' }, 'not-genuine'],
  ['somebody who was told today', { here: 1, day: 1, lastAt: now - 600 * minute }, 'said-already'],
  ['who writes again nine minutes after a mail of ours', { day: 1, hour: 1, lastAt: now - 9 * minute }, 'answering'],
  ['eleven minutes after', { day: 1, hour: 1, lastAt: now - 11 * minute }, undefined],
  ['eleven minutes after the second one', { day: 2, hour: 2, lastAt: now - 11 * minute }, 'answering'],
  ['five in the hour', { day: 5, hour: 5, lastAt: now - 50 * minute }, 'too-many'],
  ['two hours after the fifth of the day', { day: 5, hour: 0, lastAt: now - 120 * minute }, 'answering'],
  ['a mailbox with its most of the hour', { fromMailbox: 600 }, 'mailbox-busy'],
])('%s', (_, change, reason) => expect(brakedBy({ ...person, ...change })).toBe(reason))
