import { expect, it } from 'vitest'
import { type Asked, brakedBy, isReceipt } from './brakes.ts'

const minute = 60_000
const now = 1_800_000_000_000
const person: Asked = {
  mailClass: 'human',
  dmarc: 'none',
  spf: 'none',
  address: 'lin@customer.example',
  own: false,
  here: 0,
  hour: 0,
  fromMailbox: 0,
  before: 0,
  beforeAt: null,
  cameAt: now - 1_440 * minute,
  receipt: false,
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
  ['a server the domain does not name', { spf: 'softfail' }, 'not-genuine'],
  ['a domain nobody could ask, a server it does not name', { dmarc: 'unknown', spf: 'fail' }, 'not-genuine'],
  ['forwarded, and signed by the domain', { dmarc: 'pass', spf: 'fail' }, undefined],
  ['somebody who was told today', { here: 1 }, 'said-already'],
  ['what came before our last mail left', { hour: 1 }, undefined],
  [
    'who writes again eleven minutes after a mail of ours',
    { hour: 1, before: 1, beforeAt: now - 11 * minute },
    undefined,
  ],
  ['eleven minutes after the second one', { hour: 2, before: 2, beforeAt: now - 11 * minute }, 'answering'],
  ['five in the hour', { hour: 5, before: 5, beforeAt: now - 50 * minute }, 'too-many'],
  ['two hours after the fifth of the day', { before: 5, beforeAt: now - 120 * minute }, 'answering'],
  ['a mailbox with its most of the hour, for a day', { fromMailbox: 600 }, 'mailbox-busy'],
])('%s', (_, change, reason) => {
  const brake = brakedBy({ ...person, ...change })
  expect(brake?.reason).toBe(reason)
  expect(brake?.until ?? null).toBeNull()
})

it('who writes again nine minutes after a mail of ours is told a minute later; a machine that took ours in is not', () => {
  const again = { ...person, hour: 1, before: 1, beforeAt: now - 9 * minute }
  expect(brakedBy(again)).toEqual({ reason: 'answering', until: now + minute })
  expect(brakedBy({ ...again, receipt: true })).toEqual({ reason: 'answering', until: null })
})

it('what a busy mailbox holds back is tried again', () => {
  const busy = { ...person, fromMailbox: 600, cameAt: now - minute }
  expect(brakedBy(busy)).toEqual({ reason: 'mailbox-busy', until: now + 20 * minute })
})

it.each<[string, boolean]>([
  ['We have received your request and will get back to you.', true],
  ['Your ticket has been created (#4711).', true],
  ['已收到您的來信，案件編號 4711', true],
  ['感谢您的来信，我们会尽快处理。', true],
  ['我已收到貨品，但是壞的，訂單編號 4711', false],
  ['I received the kettle broken; my order number is 4711.', false],
])('%s', (words, is) => expect(isReceipt(words)).toBe(is))
