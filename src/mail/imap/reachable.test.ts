import { describe, expect, it } from 'vitest'
import { reachable } from './reachable.ts'

const told = (host: string, security: 'tls' | 'plain' = 'tls') =>
  reachable(host, security).catch((error: unknown) => (error as { imap?: string }).imap)

describe('which servers mail is fetched from', () => {
  it.each(['10.1.2.3', '192.168.1.5', '203.0.113.9', '127.0.0.1', 'fd12::1', '2001:db8::1'])(
    '%s: yes',
    async (host) => {
      expect(await told(host)).toBe(host)
    },
  )

  it.each([
    '169.254.169.254',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '100.100.100.200',
    'fe80::1',
    'fd00:ec2::254',
    '::',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
  ])('%s: no', async (host) => {
    expect(await told(host)).toBe('mail.imap-forbidden-host')
  })

  it('without TLS only this machine', async () => {
    expect(await told('127.0.0.1', 'plain')).toBe('127.0.0.1')
    expect(await told('::1', 'plain')).toBe('::1')
    expect(await told('192.168.1.5', 'plain')).toBe('mail.imap-plain')
  })
})
