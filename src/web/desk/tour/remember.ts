import type { QueryClient } from '@tanstack/react-query'
import { call } from '../../../kit/client/call.ts'
import { changePreferences } from '../../../preferences/contract.ts'
import { getMe, type Me } from '../../../people/contract.ts'
import { read } from '../../ui/use-call.ts'

/** Whoever has seen the tour, or skipped it, is not shown it again by itself, on no machine. */
export async function remember(client: QueryClient): Promise<void> {
  localStorage.setItem('redress.toured', '1')
  const preferences = await call(changePreferences, { body: { toured: true } })
  client.setQueryData(read(getMe, {}).queryKey, (me: Me | undefined) => me && { ...me, preferences })
}
