import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { problemOf } from '../../kit/client/problem-error.ts'
import { getMe } from '../../people/contract.ts'

/** A session that ended elsewhere shows as 401 on any call: asking "who am I" again then leads to the sign-in page. */
function onError(error: unknown): void {
  if (problemOf(error).status !== 401) return
  const key = [getMe.id, {}]
  if (queryClient.getQueryData(key)) void queryClient.resetQueries({ queryKey: key })
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    // The client repeats by itself where repeating helps; the live stream keeps what is cached true.
    queries: { retry: false, staleTime: 30_000, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
})
