import type pg from 'pg'

/**
 * A server that is frozen, or behind a line that swallows, never answers, and its own timeouts do not reach us. When the
 * statement at the head of the line has had no answer for `limitMs`, the line is hung up: all that wait on it fail at once
 * ("Connection terminated"), and nobody is given it again. Statements behind it wait without being counted.
 */
export function endWhenSilent(client: pg.ClientBase, limitMs: number): void {
  const ask = client.query.bind(client) as (...given: unknown[]) => unknown
  let waiting = 0
  let timer: NodeJS.Timeout | undefined
  const watch = () => {
    clearTimeout(timer)
    if (waiting > 0) timer = setTimeout(() => hangUp(client), limitMs)
  }
  const answered = () => {
    waiting -= 1
    watch()
  }
  const query = (...given: unknown[]) => {
    waiting += 1
    if (waiting === 1) watch()
    const callback = given.at(-1)
    if (isCallback(callback)) return ask(...given.slice(0, -1), after(callback, answered))
    const answer = ask(...given)
    if (answer instanceof Promise) answer.then(answered, answered)
    else answered()
    return answer
  }
  Object.assign(client, { query })
}

type Callback = (...given: unknown[]) => unknown

function isCallback(given: unknown): given is Callback {
  return typeof given === 'function'
}

function after(callback: Callback, first: () => void): Callback {
  return (...given: unknown[]) => {
    first()
    return callback(...given)
  }
}

/** A goodbye would wait for the answers; only the socket ends them. */
function hangUp(client: pg.ClientBase): void {
  if (!('connection' in client)) return
  const { stream } = client.connection as { stream: { destroy(): void } }
  stream.destroy()
}
