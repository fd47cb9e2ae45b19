import { queryOptions, type UseMutationResult, useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import type { Endpoint, ReplyOf } from '../../kit/contract/endpoint.ts'
import { call, type InputOf } from '../../kit/client/call.ts'
import { randomUuid } from '../../kit/client/uuid.ts'
import type { Drafts, Intent } from './drafts.ts'

/** A read as query options: `useQuery(read(openComplaint, { params: { id } }))`. Its key is the endpoint and its input. */
export function read<E extends Endpoint>(endpoint: E, input: InputOf<E>) {
  return queryOptions<ReplyOf<E>>({
    queryKey: [endpoint.id, input],
    queryFn: ({ signal }) => call(endpoint, input, { signal }),
  })
}

/**
 * A write as a mutation. The same input again (after a failure) goes with the same idempotency key, so that pressing
 * twice is one effect; another input is another intent. With `keep`, drafts and a name, that holds over a crash of the page too.
 */
export function useSend<E extends Endpoint>(
  endpoint: E,
  done?: (reply: ReplyOf<E>, input: InputOf<E>) => unknown,
  keep?: { readonly drafts: Drafts; readonly name: string },
): UseMutationResult<ReplyOf<E>, Error, InputOf<E>> {
  const intent = useRef<Intent | undefined>(keep?.drafts.readIntent(keep.name))
  const note = (now: Intent | undefined) => {
    intent.current = now
    keep?.drafts.keepIntent(keep.name, now)
  }
  return useMutation<ReplyOf<E>, Error, InputOf<E>>({
    mutationFn: (input) => {
      const text = JSON.stringify(input)
      const now = intent.current?.text === text ? intent.current : { text, key: randomUuid() }
      note(now)
      return call(endpoint, input, { idempotencyKey: now.key })
    },
    onSuccess: (reply, input) => {
      note(undefined)
      return done?.(reply, input)
    },
  })
}
