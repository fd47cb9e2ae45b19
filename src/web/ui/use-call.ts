import { queryOptions, type UseMutationResult, useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import type { Endpoint, ReplyOf } from '../../kit/contract/endpoint.ts'
import { call, type InputOf } from '../../kit/client/call.ts'
import { randomUuid } from '../../kit/client/uuid.ts'

/** A read as query options: `useQuery(read(openComplaint, { params: { id } }))`. Its key is the endpoint and its input. */
export function read<E extends Endpoint>(endpoint: E, input: InputOf<E>) {
  return queryOptions<ReplyOf<E>>({
    queryKey: [endpoint.id, input],
    queryFn: ({ signal }) => call(endpoint, input, { signal }),
  })
}

/**
 * A write as a mutation. The same input again (after a failure) goes with the same idempotency key, so that pressing
 * twice is one effect; another input is another intent.
 */
export function useSend<E extends Endpoint>(
  endpoint: E,
  done?: (reply: ReplyOf<E>, input: InputOf<E>) => unknown,
): UseMutationResult<ReplyOf<E>, Error, InputOf<E>> {
  const intent = useRef({ input: '', key: '' })
  return useMutation<ReplyOf<E>, Error, InputOf<E>>({
    mutationFn: (input) => {
      const text = JSON.stringify(input)
      if (intent.current.input !== text) intent.current = { input: text, key: randomUuid() }
      return call(endpoint, input, { idempotencyKey: intent.current.key })
    },
    onSuccess: (reply, input) => {
      intent.current = { input: '', key: '' }
      return done?.(reply, input)
    },
  })
}
