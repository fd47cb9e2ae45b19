/** A line of the name server. `value` is empty where somebody else has it: the key a mail server signs with. */
export type DnsRecord = {
  readonly what: 'mx' | 'spf' | 'dkim' | 'dmarc'
  readonly type: 'MX' | 'TXT'
  readonly name: string
  readonly value: string
}

/**
 * What the domain of a mailbox needs, so that its mail comes here (MX, only where all of the domain's may) and answers do not
 * land among the junk. `out` is the host of the mail server that sends, null for none yet.
 */
export function recordsFor(address: string, name: string, out: string | null): readonly DnsRecord[] {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  // What calls itself by a word alone is known by that to nobody else.
  const host = name.includes('.') ? name : `redress.${domain}`
  return [
    { what: 'mx', type: 'MX', name: domain, value: `10 ${host}.` },
    { what: 'spf', type: 'TXT', name: domain, value: ['v=spf1 mx', ...sender(out), '~all'].join(' ') },
    { what: 'dkim', type: 'TXT', name: `<selector>._domainkey.${domain}`, value: '' },
    {
      what: 'dmarc',
      type: 'TXT',
      name: `_dmarc.${domain}`,
      value: `v=DMARC1; p=quarantine; rua=mailto:postmaster@${domain}`,
    },
  ]
}

/** How SPF names who sends; a server of this machine hands on to one that is named elsewhere. */
function sender(out: string | null): string[] {
  if (out === null || !out.includes('.') || out.startsWith('127.')) return []
  return [/^[\d.]+$/.test(out) ? `ip4:${out}` : `a:${out}`]
}
