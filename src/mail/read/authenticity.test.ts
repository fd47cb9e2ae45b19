import { Buffer } from 'node:buffer'
import { generateKeyPairSync } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Authenticity } from '../domain/mail.ts'
import { toldByMx } from './authenticity.ts'
import type { ReadContext, Resolver } from './context.ts'
import { openReader } from './reader.ts'
import { readMailHere } from './read-mail.ts'

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const records: Record<string, string[][]> = {
  'TXT s1._domainkey.example.com': [['v=DKIM1; k=rsa; p=', keys.publicKey.toString('base64')]],
  'TXT example.com': [['v=spf1 ip4:192.0.2.1 -all']],
  'TXT _dmarc.example.com': [['v=DMARC1; p=reject']],
}
const resolver: Resolver = async (domain, type) => {
  const found = records[`${type} ${domain}`]
  if (!found) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
  return found
}
let signed: Buffer
beforeAll(async () => {
  const transport = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    dkim: { domainName: 'example.com', keySelector: 's1', privateKey: keys.privateKey },
  })
  const sent = await transport.sendMail({
    from: 'Mei <mei@example.com>',
    to: 'service@shop.example',
    subject: '水壺',
    text: 'It broke',
  })
  signed = sent.message as Buffer
})

async function shown(raw: Buffer, context: ReadContext): Promise<Authenticity | null> {
  const read = await readMailHere(raw, context)
  return read.ok ? read.value.authenticity : null
}
const changed = () => Buffer.from(signed.toString('latin1').replace('It broke', 'Pay me'), 'latin1')

describe('where a mail comes from', () => {
  it.each<[string, () => Buffer, ReadContext, Authenticity]>([
    [
      'signed, from the right server',
      () => signed,
      { resolver, envelope: { clientIp: '192.0.2.1', mailFrom: 'mei@example.com' } },
      { spf: 'pass', dkim: 'pass', dmarc: 'pass' },
    ],
    [
      'signed, forwarded by another server',
      () => signed,
      { resolver, envelope: { clientIp: '198.51.100.7', mailFrom: 'mei@example.com' } },
      { spf: 'fail', dkim: 'pass', dmarc: 'pass' },
    ],
    [
      'changed on the way',
      changed,
      { resolver, envelope: { clientIp: '198.51.100.7', mailFrom: 'mei@example.com' } },
      { spf: 'fail', dkim: 'fail', dmarc: 'fail' },
    ],
    ['fetched: nobody saw the server', () => signed, { resolver }, { spf: 'unknown', dkim: 'pass', dmarc: 'pass' }],
    [
      'a domain that says nothing',
      () => Buffer.from('From: a@silent.example\r\n\r\nx'),
      { resolver, envelope: { clientIp: '192.0.2.1', mailFrom: 'a@silent.example' } },
      { spf: 'none', dkim: 'none', dmarc: 'none' },
    ],
    ['nobody to ask', () => signed, {}, { spf: 'unknown', dkim: 'unknown', dmarc: 'unknown' }],
  ])('%s', async (_name, raw, context, authenticity) => {
    expect(await shown(raw(), context)).toEqual(authenticity)
  })

  it('is unknown where name servers are silent or away, and the mail does not wait for them', async () => {
    const envelope = { clientIp: '192.0.2.1', mailFrom: 'mei@example.com' }
    const unknown = { spf: 'unknown', dkim: 'unknown', dmarc: 'unknown' }
    expect(await shown(signed, { resolver: () => new Promise(() => undefined), resolverMs: 50, envelope })).toEqual(
      unknown,
    )
    const away: Resolver = async () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))
    expect(await shown(signed, { resolver: away, envelope })).toEqual(unknown)
  })

  it('is looked at in the reading thread, which asks through the program', async () => {
    const reader = openReader({ workers: 1 })
    const read = await reader.read(signed, {
      resolver,
      envelope: { clientIp: '192.0.2.1', mailFrom: 'mei@example.com' },
    })
    expect(read).toMatchObject({ ok: true, value: { authenticity: { spf: 'pass', dkim: 'pass', dmarc: 'pass' } } })
    await reader.close()
  })

  it.each([
    [
      'our MX',
      'mx.shop.example; spf=pass smtp.mailfrom=a@b.c; dkim=fail (bad) header.d=b.c; dmarc=fail',
      { spf: 'pass', dkim: 'fail', dmarc: 'fail' },
    ],
    [
      'one of two signatures',
      'mx.shop.example 1; dkim=fail; dkim=pass',
      { spf: 'unknown', dkim: 'pass', dmarc: 'unknown' },
    ],
    [
      'another server',
      'mx.evil.example; spf=pass; dkim=pass; dmarc=pass',
      { spf: 'unknown', dkim: 'unknown', dmarc: 'unknown' },
    ],
    [
      'results within a comment',
      'mx.shop.example (; dkim=pass (x) ); spf=none "; dmarc=pass"',
      { spf: 'none', dkim: 'unknown', dmarc: 'unknown' },
    ],
  ])('Authentication-Results of %s', (_name, value, told) => {
    expect(toldByMx([{ key: 'authentication-results', value }], ['MX.shop.example'])).toEqual(told)
  })

  it('believes only the topmost Authentication-Results', () => {
    const headers = ['mx.evil.example; dmarc=fail', 'mx.shop.example; dmarc=pass'].map((value) => ({
      key: 'authentication-results',
      value,
    }))
    expect(toldByMx(headers, ['mx.shop.example']).dmarc).toBe('unknown')
  })
})
