import { expect } from 'vitest'

export type Answer = {
  readonly status: number
  readonly id?: string
  readonly number?: string
  readonly code?: string
  readonly ms: number
}

/** A caller that sends, notes what was acknowledged, and sends again. */
export type Ledger = {
  send(key: string): Promise<Answer>
  /** Four writers until `until`; each key is noted before it is sent, its id once acknowledged. */
  load(name: string, until: () => boolean): Promise<Answer[]>
  /** Every key again: an acknowledged one gives its first answer, the others are recorded now. Nothing is doubled. */
  retryAll(): Promise<void>
  readonly noted: ReadonlyMap<string, string | null>
}

export type Where = { readonly base: string; readonly cookie: string }

/** `where` is asked at each request: the program may have moved. */
export function openLedger(where: () => Where, tag = 'fault'): Ledger {
  const noted = new Map<string, string | null>()
  const send = (key: string) => post(where(), key, `${tag} ${key}`)
  const note = ({ status, id }: Answer, key: string) => {
    if (status === 201 && id) noted.set(key, id)
  }
  return {
    noted,
    async send(key) {
      noted.set(key, noted.get(key) ?? null)
      const answer = await send(key)
      note(answer, key)
      return answer
    },
    async load(name, until) {
      const answers: Answer[] = []
      await Promise.all(
        [0, 1, 2, 3].map(async (writer) => {
          for (let i = 0; !until(); i++) {
            const key = `${name}-${writer}-${i}`
            noted.set(key, null)
            const answer = await send(key)
            answers.push(answer)
            note(answer, key)
            if (answer.status !== 201) await new Promise((r) => setTimeout(r, 100))
          }
        }),
      )
      return answers
    },
    async retryAll() {
      const ids = new Set<string>()
      for (const [key, acknowledged] of noted) {
        const { status, id } = await untilAnswered(() => send(key))
        expect(status, key).toBe(201)
        if (acknowledged) expect(id, key).toBe(acknowledged)
        ids.add(id ?? '')
        noted.set(key, id ?? null)
      }
      expect(ids.size).toBe(noted.size)
    },
  }
}

/** Asks again while the answer is "later": what a lost connection had locked is free when the database gives it up. */
async function untilAnswered(ask: () => Promise<Answer>): Promise<Answer> {
  const end = performance.now() + 30_000
  for (;;) {
    const answer = await ask()
    if (answer.status !== 503 || performance.now() > end) return answer
    await new Promise((r) => setTimeout(r, 200))
  }
}

/** Takes a telephone complaint in. */
export function post(where: Where, key: string, text: string, more: object = {}): Promise<Answer> {
  return ask(where, '/api/v1/complaints', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ channel: 'phone', text, ...more }),
  })
}

/** A signed-in request; status 0 when no answer comes. */
export async function ask({ base, cookie }: Where, path: string, request: RequestInit = {}): Promise<Answer> {
  const begun = performance.now()
  const ms = () => Math.round(performance.now() - begun)
  try {
    const headers = { ...(request.headers as Record<string, string>), cookie, origin: base }
    const reply = await fetch(base + path, { ...request, headers, signal: AbortSignal.timeout(40_000) })
    const { id, number, code } = (await reply.json()) as { id?: string; number?: string; code?: string }
    const said = { ...(id ? { id } : {}), ...(number ? { number } : {}), ...(code ? { code } : {}) }
    return { status: reply.status, ms: ms(), ...said }
  } catch {
    return { status: 0, ms: ms() }
  }
}

export async function statusOf(url: string, headers: Record<string, string> = {}): Promise<number> {
  return fetch(url, { headers, signal: AbortSignal.timeout(40_000) }).then(
    async (reply) => {
      await reply.arrayBuffer()
      return reply.status
    },
    () => 0,
  )
}

export async function ready(base: string, within = 30_000): Promise<void> {
  await expect.poll(() => statusOf(`${base}/readyz`), { timeout: within, interval: 200 }).toBe(200)
}
