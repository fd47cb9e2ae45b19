import { useQuery } from '@tanstack/react-query'
import { reach } from '../../replies/contract.ts'
import { read } from '../../web/ui/use-call.ts'
import type { ComplaintPage } from '../contract.ts'
import { useNames } from './use-names.ts'
import { usualChannel } from './usual-channel.ts'

/** Whether what we send reaches the complainant, asked when `on`, and the channel in which somebody tells them if not. */
export function useReach(page: ComplaintPage, on: boolean) {
  const names = useNames()
  const { id, channel } = page.complaint
  const asked = useQuery({ ...read(reach, { params: { id } }), enabled: on })
  const spoken = (names.catalogue?.channels ?? []).map((c) => c.kind)
  const identities = (page.customer?.identities ?? []).map((i) => i.kind)
  return {
    ready: !on || !asked.isLoading,
    unreached: asked.data?.way === 'none',
    /** They can look at the tracking page, though nothing we send reaches them. */
    door: asked.data?.portal === true,
    /** They left only a number: what is put there makes a call-back. */
    called: asked.data?.call === true,
    /** By what mails it would leave, and why by none. */
    sending: asked.data?.sending,
    usual: usualChannel({ channel, identities, spoken }),
    names,
  }
}
