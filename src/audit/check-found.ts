import type { Bundle } from './bundle.ts'
import type { Finding } from './finding.ts'
import { factsOf, isObject } from './proofs.ts'

type Wrong = Pick<Finding, 'code' | 'what'>

/**
 * Every message and the head can be found, or soon will be: of what waits to be made findable the head and the words it came with,
 * not what was said since. And by nobody who may not read them.
 */
export function checkFound({ messages, found, awaiting, events }: Bundle): Wrong[] {
  if (!found) return []
  const wrong: Wrong[] = []
  const byId = new Map<string | null, { what: string; visibility: string; blank: boolean }>()
  byId.set(null, { what: 'head', visibility: 'public', blank: false })
  for (const { id, visibility, blank } of messages) byId.set(id, { what: `message ${id}`, visibility, blank })
  const met = new Set<string | null>()
  for (const { messageId, visibility } of found) {
    const said = byId.get(messageId)
    met.add(messageId)
    if (!said) wrong.push({ code: 'audit.orphan', what: `search row of message ${messageId}` })
    else if (said.visibility !== visibility) wrong.push({ code: 'audit.search-visibility', what: said.what })
  }
  const soon = awaiting ? cameWith(events) : new Set<unknown>()
  for (const [id, { what, blank }] of byId)
    if (!blank && !soon.has(id) && !met.has(id)) wrong.push({ code: 'audit.search-missing', what })
  return wrong
}

/** The messages an import brought, and the head. */
function cameWith(events: Bundle['events']): Set<unknown> {
  const brought = events.map(factsOf).filter((facts) => facts.imported !== undefined)
  const said = brought.flatMap(({ messages }) => (Array.isArray(messages) ? messages : []))
  return new Set([null, ...said.map((one: unknown) => (isObject(one) ? one.messageId : undefined))])
}
