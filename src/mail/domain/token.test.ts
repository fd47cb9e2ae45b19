import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeMessageId, makeToken, readMessageId, readToken, replyAddress, splitAddress } from './token.ts'

const sign = (text: string) => createHmac('sha256', 'a').update(text).digest()
const org = '01950000-0000-7000-8000-000000000001'
const named = { org, number: 'R-2026-000123' }
const token = makeToken(sign, named) ?? ''

describe('a reply address', () => {
  it('names its complaint, however a mail program writes it', () => {
    const address = replyAddress('complaints@harbour.example', token)
    expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64)
    for (const written of [address, address.toUpperCase(), ` ${address}`]) {
      const { mailbox, tag } = splitAddress(written)
      expect(mailbox).toBe('complaints@harbour.example')
      expect(readToken(sign, org, tag)).toBe(named.number)
    }
  })
  it('is refused one character off, under another key, and in another organisation', () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz'), (at, other) => {
        fc.pre(token[at] !== other)
        expect(readToken(sign, org, token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined()
      }),
    )
    expect(readToken((t) => sign(`${t}.`), org, token)).toBeUndefined()
    expect(readToken(sign, org.replace(/1$/, '2'), token)).toBeUndefined()
  })
  it('is the plain one where a long mailbox leaves no room', () => {
    expect(replyAddress('complaints-of-the-northern-region@a.example', token)).toBe(
      'complaints-of-the-northern-region@a.example',
    )
    expect(makeToken(sign, { org, number: 'ZENDESK-77' })).toBeUndefined()
  })
})

describe('a Message-ID of ours', () => {
  const what = '01950000-0000-7000-8000-0000000000aa'
  const id = makeMessageId(sign, { ...named, what }, 'harbour.example')
  it('is the same whenever the mail is sent again, and names its complaint', () => {
    expect(makeMessageId(sign, { ...named, what }, 'harbour.example')).toBe(id)
    expect(readMessageId(sign, org, id)).toEqual({ number: named.number, what: what.replaceAll('-', '') })
  })
  it.each([
    ['of another mail', id.replace('aa.', 'ab.')],
    ['of another complaint', id.replace('000123', '000124')],
    ["anybody's", 'CAK=abc@mail.example'],
  ])('%s is not believed', (_, other) => expect(readMessageId(sign, org, other)).toBeUndefined())
})
