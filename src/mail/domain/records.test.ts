import { expect, it } from 'vitest'
import { recordsFor } from './records.ts'

it('the records of a mailbox name its own domain, and whoever sends for it', () => {
  const records = recordsFor('care@help.shop.example', 'redress.shop.example', 'smtp.relay.example')
  expect(records.map((r) => `${r.name} ${r.type} ${r.value}`)).toEqual([
    'help.shop.example MX 10 redress.shop.example.',
    'help.shop.example TXT v=spf1 mx a:smtp.relay.example ~all',
    '<selector>._domainkey.help.shop.example TXT ',
    '_dmarc.help.shop.example TXT v=DMARC1; p=quarantine; rua=mailto:postmaster@help.shop.example',
  ])
})

it.each([
  ['127.0.0.1', 'v=spf1 mx ~all'],
  ['192.0.2.7', 'v=spf1 mx ip4:192.0.2.7 ~all'],
  [null, 'v=spf1 mx ~all'],
])('a mail server at %s is named as name servers can', (out, value) => {
  const [mx, spf] = recordsFor('care@shop.example', 'box', out)
  expect([mx?.value, spf?.value]).toEqual(['10 redress.shop.example.', value])
})
