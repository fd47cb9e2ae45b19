import { Buffer } from 'node:buffer'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { dkimSign } from 'mailauth'
import { createTransport } from 'nodemailer'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Authenticity } from '../domain/mail.ts'
import { toldByMx } from './authenticity.ts'
import type { ReadContext, Resolver } from './context.ts'
import { openReader } from './reader.ts'
import { readMailHere } from './read-mail.ts'
import { withFewSignatures } from './signatures.ts'

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

  describe('whose author is not one', () => {
    const evil = { clientIp: '192.0.2.1', mailFrom: 'x@example.com' }
    const other = 'victim@bank.example'
    const fields = Buffer.from(`From: ${other}\r\nAuthentication-Results: mx.shop.example; dmarc=pass\r\n`)
    /** S/MIME around a part that brings headers of its own. */
    const wrapped = (head: string) => {
      const der = (tag: number, ...parts: Buffer[]) => {
        const body = Buffer.concat(parts)
        return Buffer.concat([Buffer.from([tag, 0x82, body.length >> 8, body.length & 255]), body])
      }
      const oid = (n: string) => Buffer.from(`06092a864886f70d0107${n}`, 'hex')
      const said = Buffer.concat([fields, Buffer.from('Content-Type: text/plain\r\n\r\nPay me')])
      const signedData = der(0x30, der(2, Buffer.from([1])), der(0x31), der(0x30, oid('01'), der(0xa0, der(4, said))))
      const cms = der(0x30, oid('02'), der(0xa0, signedData))
      return `${head}Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n${cms.toString('base64')}`
    }
    it.each<[string, string]>([
      ['two in one From', `From: ${other}, x@example.com\r\n\r\nx`],
      ['two in one From, the other first', `From: x@example.com, ${other}\r\n\r\nx`],
      ['two between one pair of brackets', `From: <${other},x@example.com>\r\n\r\nx`],
      ['a group of two', `From: we: ${other}, x@example.com;\r\n\r\nx`],
      ['a group of one, beside another', `From: x: ${other};, x@example.com`],
      ['a group of one', 'From: we: x@example.com;'],
      ['the same one twice', 'From: X <x@example.com>, x@Example.com'],
      [
        'an address within an encoded word',
        `From: =?utf-8?B?${Buffer.from(`<${other}>`).toString('base64')}?=, x@example.com`,
      ],
      [
        'an address within the encoded word of a name',
        `From: =?utf-8?B?${Buffer.from(`${other}, x`).toString('base64')}?= <x@example.com>, y`,
      ],
      ['a From whose name has a NUL', `F\0rom: ${other}\r\nFrom: x@example.com`],
      ['a From whose name has a NUL, below', `From: x@example.com\r\nFro\0m: ${other}`],
      ['a From behind a bare carriage return', `Subject: x\rFrom: ${other}\r\nFrom: x@example.com`],
      ['a From behind another space', `From: x@example.com\r\n\u00a0From: ${other}`],
      ['a NUL within its address', 'From: x@exam\0ple.com'],
      ['quotes within its address', `From: "${other}"@example.com`],
      ['an address beside its brackets, in a list', `From: ${other}, X <x@example.com>`],
      ['two in brackets', `From: <${other}> <x@example.com>`],
      ['a comment that does not end', `From: x@example.com (, ${other}`],
      ['two From', `From: ${other}\r\nSubject: x\r\nFrom: x@example.com\r\n\r\nx`],
      ['two From, one written oddly', `From : ${other}\r\nFrom: x@example.com\r\n\r\nx`],
      ['no From', 'Sender: x@example.com\r\nSubject: x\r\n\r\nx'],
      ['an empty From', 'From:\r\nSender: x@example.com\r\n\r\nx'],
      ['an empty group', 'From: undisclosed:;\r\n\r\nx'],
      ['a name alone', `From: =?utf-8?q?victim=40bank.example?=\r\n\r\nx`],
      ['a From within its signature only', wrapped('Subject: x\r\n')],
    ])('%s: fails, whoever vouches for it', async (_, raw) => {
      const trusted =
        'Authentication-Results: mx.shop.example; spf=pass; dkim=pass; dmarc=pass header.from=example.com\r\n'
      const at = { envelope: evil, trustedAuthServ: ['mx.shop.example'] }
      for (const context of [{ ...at, resolver }, at])
        for (const head of ['', trusted]) expect((await shown(Buffer.from(head + raw), context))?.dmarc).toBe('fail')
    })

    it('is who stands outside, where its signature encloses another', async () => {
      const read = await readMailHere(Buffer.from(wrapped('From: x@example.com\r\n')), {
        resolver,
        envelope: evil,
        trustedAuthServ: ['mx.shop.example'],
      })
      const from = [{ name: '', address: 'x@example.com' }]
      expect(read).toMatchObject({ ok: true, value: { from, text: 'Pay me', authenticity: { dkim: 'none' } } })
    })

    it.each<[string, string]>([
      ['a name that is another address', `From: "${other}" <x@example.com>`],
      ['a name in many letters', 'From: =?utf-8?B?5p6X5bCP5aeQ?= (Lin) <x@example.com>'],
      ['a name beyond ASCII, as it is', 'From: 林小姐 <X@Example.com>'],
      ['a folded one', 'From: "Lin, Mei"\r\n <x@example.com>'],
      ['an address for a name', 'From: x@example.com <x@example.com>'],
    ])('%s is one author', async (_, head) => {
      expect((await shown(Buffer.from(`${head}\r\n\r\nx`), { resolver, envelope: evil }))?.dmarc).toBe('pass')
    })
  })

  it.each<[string, string, object]>([
    ['of this domain', 'dmarc=pass header.from=example.com', { dmarc: 'pass' }],
    ['of its organisation', 'dmarc=pass (p=reject) header.d=x header.from=Example.com', { dmarc: 'pass' }],
    ['of another', 'dmarc=pass header.from=evil.example', { dmarc: 'fail', author: 'unclear' }],
    ['of one that only ends like it', 'dmarc=pass header.from=ample.com', { dmarc: 'fail', author: 'unclear' }],
    ['of another, which says nothing', 'dmarc=none header.from=evil.example', { dmarc: 'fail', author: 'unclear' }],
    ['of nobody it names', 'dmarc=pass', { dmarc: 'unknown' }],
  ])('what our MX says %s', async (_, said, seen) => {
    const raw = `Authentication-Results: mx.shop.example; ${said}\r\nFrom: mei@news.example.com\r\n\r\nx`
    const from = /of this/.test(_) ? raw.replace('news.', '') : raw
    expect(await shown(Buffer.from(from), { trustedAuthServ: ['mx.shop.example'] })).toMatchObject(seen)
  })

  it('five signatures at most are looked at, those of the sender’s domain first', async () => {
    const others = Array.from(
      { length: 200 },
      (_, i) =>
        `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=d${i}.example; s=s1; h=from; bh=x; b=AAAA\r\n`,
    ).join('')
    const mail = Buffer.concat([Buffer.from(others), signed])
    const few = withFewSignatures(mail, 'mei@example.com').toString('latin1')
    expect(few.match(/^dkim-signature:/gim)).toHaveLength(5)
    expect(few.endsWith(signed.toString('latin1'))).toBe(true)
    expect((await shown(mail, { resolver }))?.dmarc).toBe('pass')
  })

  describe('a forger', () => {
    const slow: Resolver = (domain, type) =>
      domain.endsWith('slow.example') ? new Promise(() => undefined) : resolver(domain, type)
    it('whose own name servers never answer is seen as one all the same', async () => {
      const hash = createHash('sha256').update('Pay me\r\n').digest('base64')
      const signature = `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=slow.example; s=s1; h=from; bh=${hash}; b=${'A'.repeat(342)}==\r\n`
      const raw = Buffer.from(`${signature}From: mei@example.com\r\n\r\nPay me\r\n`)
      const envelope = { clientIp: '198.51.100.7', mailFrom: 'x@slow.example' }
      expect(await shown(raw, { resolver: slow, resolverMs: 200, envelope })).toEqual({
        spf: 'unknown',
        dkim: 'unknown',
        dmarc: 'fail',
      })
    })

    it.each<[string, string, string]>([
      ['another domain, whose name servers fail', 'broken.example', 'fail'],
      ['the author’s own, whose name servers fail now', 'mail.example.com', 'unknown'],
    ])('sending from %s', async (_, domain, dmarc) => {
      const failing: Resolver = (name, type) =>
        name.endsWith(domain) ? Promise.reject(Object.assign(new Error(), { code: 'ESERVFAIL' })) : resolver(name, type)
      const envelope = { clientIp: '198.51.100.7', mailFrom: `x@${domain}` }
      const raw = Buffer.from('From: mei@example.com\r\n\r\nPay me\r\n')
      expect(await shown(raw, { resolver: failing, envelope })).toEqual({ spf: 'unknown', dkim: 'none', dmarc })
    })

    it('who writes below what was signed is not who signed', async () => {
      const mail = 'From: mei@example.com\r\nSubject: x\r\n\r\nHello\r\n'
      const part = { signingDomain: 'example.com', selector: 's1', privateKey: keys.privateKey, maxBodyLength: 7 }
      const { signatures } = await dkimSign(mail, {
        ...part,
        canonicalization: 'relaxed/relaxed',
        signatureData: [part],
      })
      const envelope = { clientIp: '198.51.100.7', mailFrom: 'x@evil.example' }
      const dmarc = async (raw: string) => (await shown(Buffer.from(raw), { resolver, envelope }))?.dmarc
      expect(await dmarc(signatures + mail)).toBe('pass')
      expect(await dmarc(`${signatures}${mail}Pay me\r\n`)).toBe('fail')
    })
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
