import { BlockList, isIPv6 } from 'node:net'

const near = new BlockList()
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  near.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  near.addSubnet(network, bits, 'ipv6')

/** Whether an address is of this machine or of a private network (RFC 1918, RFC 4193, link-local): where monitoring lives. */
export function isNearby(ip: string): boolean {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '')
  return near.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
}
