import { lookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { imapError } from './problem.ts'

const loopback = listOf(['127.0.0.0', 8], ['::1', 128])
/**
 * No mail server stands there, and machines of clouds tell their secrets there: this host, link-local and metadata addresses,
 * multicast and broadcast. Private networks are allowed: mail servers of companies stand in them (docs/decisions/0031-imap.md).
 */
const forbidden = listOf(
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
  ['ff00::', 8],
)

function listOf(...networks: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [network, bits] of networks) list.addSubnet(network, bits, isIPv6(network) ? 'ipv6' : 'ipv4')
  return list
}

/** An IPv4 address in an IPv6 one (mapped, NAT64, 6to4) is judged as what it leads to. */
function plainOf(address: string): string {
  const bare = address.replace(/%.*$/, '')
  if (!isIPv6(bare)) return bare
  const words = new URL(`http://[${bare}]`).hostname.slice(1, -1)
  const [, high = '', low = ''] =
    /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(words) ??
    /^2002:([0-9a-f]{1,4}):([0-9a-f]{1,4}):/.exec(words) ??
    []
  if (high === '') return words
  const [h, l] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [h >> 8, h & 255, l >> 8, l & 255].join('.')
}

const within = (list: BlockList, address: string) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
const namesMs = 8_000

/**
 * The address a host is reached at, looked up once: the same is connected to, so that no name can mean two things. Throws when
 * there is none, when any of its addresses is forbidden, and for `plain` to anything but this machine.
 */
export async function reachable(host: string, security: 'tls' | 'starttls' | 'plain'): Promise<string> {
  const bare = host.replace(/^\[|\]$/g, '')
  const addresses = isIP(bare) ? [bare] : await addressesOf(bare)
  const plain = addresses.map(plainOf)
  if (plain.some((a) => within(forbidden, a))) throw imapError('mail.imap-forbidden-host')
  if (security === 'plain' && plain.some((a) => !within(loopback, a))) throw imapError('mail.imap-plain')
  const [first] = addresses
  if (!first) throw imapError('mail.imap-unknown-host')
  return first
}

async function addressesOf(host: string): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, no) => {
    timer = setTimeout(() => no(imapError('mail.imap-no-names')), namesMs)
  })
  try {
    return (await Promise.race([lookup(host, { all: true }), late])).map((found) => found.address)
  } finally {
    clearTimeout(timer)
  }
}
