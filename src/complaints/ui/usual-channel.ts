import { canTell } from '../../channels/domain/index.ts'

const channelOfIdentity: Readonly<Record<string, string>> = {
  phone: 'phone',
  address: 'letter',
  mail: 'email',
  line: 'line',
  wechat: 'wechat',
}

type Known = {
  /** How the complaint came in. */
  readonly channel: string
  /** The kinds of addresses the complainant left, in the order we learned of them. */
  readonly identities: readonly string[]
  /** The channels in which people speak to people. */
  readonly spoken: readonly string[]
}

/** The channel in which somebody most likely tells the complainant: the one they came by, else one they left an address for. */
export function usualChannel({ channel, identities, spoken }: Known): string {
  if (spoken.includes(channel) && canTell(channel, 'complainant', channel)) return channel
  const left = identities.map((kind) => channelOfIdentity[kind]).find((kind) => kind && spoken.includes(kind))
  return left ?? 'phone'
}
