import { parentPort } from 'node:worker_threads'
import type { Resolver } from './context.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { readMailHere } from './read-mail.ts'

// One thread of the pool: reads one mail at a time. Name servers are asked by the program, over the port.

const port = parentPort
if (port === null) throw new Error('this file is a worker')

const questions = new Map<number, { resolve: (records: unknown) => void; reject: (error: Error) => void }>()
let asked = 0
/** What name servers said a moment ago is not asked again: mails of one place come in numbers, and a question goes through the program. */
const keptMs = 30_000
const mostKept = 500
const said = new Map<string, { readonly until: number; readonly answer: Promise<unknown> }>()
const ask: Resolver = (domain, type) => {
  const key = `${type} ${domain}`
  const before = said.get(key)
  if (before && performance.now() < before.until) return before.answer
  const answer = askProgram(domain, type)
  const keep = (ms: number) => {
    if (said.size >= mostKept) said.clear()
    said.set(key, { until: performance.now() + ms, answer })
  }
  answer.then(
    () => keep(keptMs),
    (error: unknown) => keep(isAnswer(error) ? keptMs : 2_000),
  )
  return answer
}
/** That there is nothing, as a name server says it. */
const isAnswer = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA')
const askProgram: Resolver = (domain, type) => {
  asked += 1
  const id = asked
  port.postMessage({ kind: 'ask', id, domain, type } satisfies FromWorker)
  return new Promise((resolve, reject) => questions.set(id, { resolve, reject }))
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'answer') {
    const question = questions.get(message.id)
    questions.delete(message.id)
    if (message.code === undefined) question?.resolve(message.records)
    else question?.reject(Object.assign(new Error(message.code), { code: message.code }))
  } else void read(message)
})

async function read({ id, raw, context, resolves }: Extract<ToWorker, { kind: 'read' }>): Promise<void> {
  questions.clear()
  const result = await readMailHere(raw, resolves ? { ...context, resolver: ask } : context).catch(() => null)
  if (result === null || !result.ok) {
    const problem = result === null ? { code: 'mail.unreadable', status: 422 } : result.refusal
    port?.postMessage({ kind: 'problem', id, problem } satisfies FromWorker)
    return
  }
  const buffers = new Set(
    result.value.attachments.map(({ content }) => content.buffer).filter((b) => b instanceof ArrayBuffer),
  )
  port?.postMessage({ kind: 'mail', id, mail: result.value } satisfies FromWorker, [...buffers])
}

port.postMessage({ kind: 'ready' } satisfies FromWorker)
