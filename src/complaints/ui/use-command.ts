import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Endpoint } from '../../kit/contract/endpoint.ts'
import { call } from '../../kit/client/call.ts'
import { problemOf } from '../../kit/client/problem-error.ts'
import { randomUuid } from '../../kit/client/uuid.ts'
import type { Drafts, Intent } from '../../web/ui/drafts.ts'
import { useDrafts } from '../../web/ui/session.ts'
import { type ComplaintPage, commands } from '../contract.ts'
import { pageKey } from './live-cache.ts'

export type CommandName = keyof typeof commands
export type Body = Readonly<Record<string, unknown>>
type Outcome = Pick<ComplaintPage, 'actions'> & { version: number; state: string }

export type Command = {
  /**
   * Sends; gives whether it was done. The body needs no version: the one on the screen goes along, or `seen`, where what is
   * on the screen was not looked at yet. Not in the body: the same words sent again after a crash are the same intent.
   */
  readonly send: (body: Body, seen?: number) => Promise<boolean>
  readonly pending: boolean
  readonly error: unknown
  /** Somebody else was faster: the complaint moved on since this screen was drawn. */
  readonly stale: boolean
  readonly clear: () => void
}

/** One command on the complaint in view. What it changed is asked for again; the words of the sender stay until done. */
export function useCommand(name: CommandName, page: ComplaintPage): Command {
  const client = useQueryClient()
  const [state, setState] = useState<{ pending: boolean; error: unknown }>({ pending: false, error: null })
  const { id, version, confidentiality } = page.complaint
  const drafts = useDrafts(confidentiality !== 'normal' || name === 'restrict')
  const key = pageKey(id)
  const place = `${id}.${name}`

  const send = async (body: Body, seen = version): Promise<boolean> => {
    const intent = intentOf(drafts, place, JSON.stringify(body), seen)
    drafts.keepIntent(place, intent)
    const whole = { version: intent.version, ...body }
    setState({ pending: true, error: null })
    try {
      const endpoint: Endpoint = commands[name] as Endpoint
      const input = { params: { id }, body: whole }
      const done = (await call(endpoint, input as never, { idempotencyKey: intent.key })) as Outcome
      drafts.keepIntent(place, undefined)
      client.setQueryData<ComplaintPage>(key, (seen) => seen && withOutcome(seen, done))
      void client.invalidateQueries({ queryKey: key })
      setState({ pending: false, error: null })
      return true
    } catch (error) {
      setState({ pending: false, error })
      if (isAnswer(error)) drafts.keepIntent(place, undefined)
      if (isStale(error)) void client.invalidateQueries({ queryKey: key })
      return false
    }
  }
  return { send, ...state, stale: isStale(state.error), clear: () => setState({ pending: false, error: null }) }
}

/**
 * The same words again, when no answer came the first time, go with the same key and the version they were first sent with:
 * had they arrived, the complaint has another version by now, and they must not arrive twice.
 */
function intentOf(drafts: Drafts, place: string, text: string, version: number): Intent {
  const before = drafts.readIntent(place)
  return before?.text === text ? before : { text, key: randomUuid(), version }
}

/** The server said no; anything else leaves open whether it was done. */
function isAnswer(error: unknown): boolean {
  const { status } = problemOf(error)
  return status >= 400 && status < 500
}

function isStale(error: unknown): boolean {
  return error !== null && problemOf(error).code === 'complaints.stale'
}

function withOutcome(page: ComplaintPage, done: Outcome): ComplaintPage {
  return { ...page, actions: done.actions, complaint: { ...page.complaint, version: done.version, state: done.state } }
}
