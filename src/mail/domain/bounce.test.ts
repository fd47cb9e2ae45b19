import { describe, expect, it } from 'vitest'
import { bounceInWords, deliveryReport } from './bounce.ts'

const report = (action: string, status: string) =>
  `Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; mei@example.com\r\nAction: ${action}\r\nStatus: ${status}\r\nDiagnostic-Code: smtp; 550\r\n no such user\r\n`
const enclosed = 'From: service@shop.example\r\nMessage-ID: <m1@shop.example>\r\nIn-Reply-To:\r\n <m0@example.com>\r\n'

describe('a report on delivery', () => {
  it.each([
    ['failed', '5.1.1', { kind: 'failed', delayed: false, permanent: true, status: '5.1.1' }],
    ['failed', '5.2.2', { kind: 'failed', delayed: false, permanent: false, status: '5.2.2' }],
    ['failed', '4.4.1', { kind: 'failed', delayed: false, permanent: false, status: '4.4.1' }],
    ['delayed', '4.0.0', { kind: 'delayed', delayed: true, permanent: false, status: '4.0.0' }],
    ['relayed', '2.0.0', { kind: 'other', delayed: false, permanent: false, status: '2.0.0' }],
    ['Failed', '', { kind: 'failed', delayed: false, permanent: true, status: '' }],
  ])('%s %s', (action, status, expected) => {
    expect(deliveryReport(report(action, status), enclosed)).toEqual({
      ...expected,
      recipients: ['mei@example.com'],
      originalIds: ['m1@shop.example', 'm0@example.com'],
    })
  })

  it('is none where no recipient is named', () => {
    expect(deliveryReport('Reporting-MTA: dns; mx', '')).toBeNull()
  })

  it('is read from words where a server writes only words', () => {
    const words =
      'Your message to <mei@example.com> could not be delivered: 550 5.1.1 unknown\n\nMessage-ID: <m1@shop.example>'
    expect(bounceInWords(words, '')).toEqual({
      delayed: false,
      permanent: true,
      recipients: ['mei@example.com'],
      status: '5.1.1',
      originalIds: ['m1@shop.example'],
    })
    expect(bounceInWords('The mailbox is full', 'mei@example.com').permanent).toBe(false)
  })
})
