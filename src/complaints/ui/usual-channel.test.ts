import { expect, test } from 'vitest'
import { canTell, channels } from '../../channels/domain/index.ts'
import { usualChannel } from './usual-channel.ts'

const spoken = channels.filter((c) => c.staffEntry).map((c) => c.kind)

test.each([
  ['who called is called', 'phone', ['mail', 'phone'], 'phone'],
  ['who came to the counter is told at the counter', 'store_visit', ['phone'], 'store_visit'],
  ['who wrote a letter is written a letter', 'letter', [], 'letter'],
  [
    'what an authority sent is told to the complainant by the address they left',
    'regulator_referral',
    ['mail'],
    'email',
  ],
  ['and by telephone when they left none', '1950', [], 'phone'],
  ['who wrote on the portal and left a telephone number is called', 'portal', ['phone', 'mail'], 'phone'],
  ['what came from another system is told by the address that came along', 'api', ['mail'], 'email'],
  ['what we found ourselves was not told to us by them', 'proactive', ['line', 'phone'], 'line'],
  ['an address nobody can be told at is passed over', 'api', ['external', 'mail'], 'email'],
])('%s', (_, channel, identities, told) => expect(usualChannel({ channel, identities, spoken })).toBe(told))

test('whatever is proposed is a channel the server takes', () => {
  for (const { kind } of channels)
    for (const identity of ['phone', 'mail', 'line', 'wechat', 'external'])
      expect(canTell(usualChannel({ channel: kind, identities: [identity], spoken }), 'complainant', kind)).toBe(true)
})
