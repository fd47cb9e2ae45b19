import type { z } from 'zod'
import type { lookOnce } from './contract.ts'
import { imapError, imapProblem } from './problem.ts'
import { closeSession, openSession, type Server } from './session.ts'

export type Seen = z.input<typeof lookOnce.reply>

/** Whoever presses the button waits no longer. */
const patienceMs = 20_000
const mostFolders = 100

/** Connects, and says what is there or what went wrong; nothing is fetched, marked or kept. */
export async function lookAround(server: Server, folder: string): Promise<Seen> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(imapError('mail.imap-timeout')), patienceMs)
  try {
    return await look(server, folder, late.signal)
  } catch (error) {
    const problem = imapProblem(late.signal.aborted ? late.signal.reason : error)
    if (!problem) throw error
    return { problem: problem.code, said: problem.said, folders: [], messages: null, unseen: null }
  } finally {
    clearTimeout(timer)
  }
}

async function look(server: Server, folder: string, signal: AbortSignal): Promise<Seen> {
  const client = await openSession(server, 0, signal)
  const quit = () => client.close()
  signal.addEventListener('abort', quit, { once: true })
  try {
    const folders = (await client.list()).filter((f) => !f.flags.has('\\Noselect')).map((f) => f.path)
    const there = await client.status(folder, { messages: true, unseen: true }).catch((error: unknown) => {
      if (client.usable) return false as const
      throw error
    })
    return {
      problem: there ? null : 'mail.imap-no-folder',
      said: '',
      folders: folders.slice(0, mostFolders),
      messages: there ? (there.messages ?? null) : null,
      unseen: there ? (there.unseen ?? null) : null,
    }
  } finally {
    signal.removeEventListener('abort', quit)
    closeSession(client)
  }
}
