import { setTimeout as sleep } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import { isUnavailable } from '../../kit/db/database.ts'
import { open } from '../../kit/secrets.ts'
import type { Services } from '../../kit/services.ts'
import type { Leased } from './lease.ts'
import { imapError, imapProblem, lasting } from './problem.ts'
import { sealContext, sealPurpose } from './secret.ts'
import { closeSession, openSession } from './session.ts'
import { noteLooked, noteProblem, readProgress } from './state.ts'
import { type Stuck, type TakeApp, takeNew } from './take.ts'
import type { Turns } from './turns.ts'

export type FetchApp = TakeApp & Pick<Services, 'subkey'>

/** How long a fetcher waits: between looks, and after what went wrong (doubled up to `mostMs`). */
export type Pace = { readonly pollMs: number; readonly againMs: number; readonly mostMs: number }
export const usualPace: Pace = { pollMs: 300_000, againMs: 5_000, mostMs: 300_000 }
/** A server that refuses a password locks those out who insist. */
const refusedMs = 60_000

/**
 * Fetches one mailbox until told to stop: looks, waits for the server to say that something came (IDLE) or for the next poll,
 * and looks again. What goes wrong is noted for people, and tried again after a pause.
 */
export function runFetcher(
  app: FetchApp,
  of: Leased,
  { turns, pace, mine }: { readonly turns: Turns; readonly pace: Pace; readonly mine: () => boolean },
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const stuck: Stuck = { uids: [], tries: 0 }
  let failures = 0
  let client: ImapFlow | undefined
  const going = () => !signal.aborted && mine()
  const session = async () => {
    const server = { ...of.settings, password: passwordOf(app, of) }
    client = await openSession(server, app.config.mail.maxBytes, signal)
    const bell = bellOf(client)
    while (going()) {
      await openFolder(client, of.settings.folder)
      bell.reset()
      await takeNew({ app, of, client, turns, stuck, mine: going, signal })
      if (!going()) return
      await noteEnd(app, of)
      failures = 0
      await bell.news(pace.pollMs, signal)
    }
  }
  const run = async () => {
    while (going()) {
      let pause = 0
      try {
        await session()
      } catch (error) {
        failures += 1
        if (!signal.aborted)
          pause = await noteFailure(app, of, { error, connected: client?.usable === true }, pauseOf(pace, failures))
      }
      if (client) closeSession(client)
      client = undefined
      if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => undefined)
    }
  }
  const over = run()
  return {
    async stop() {
      stopping.abort()
      client?.close()
      await over
    },
  }
}

const pauseOf = ({ againMs, mostMs }: Pace, failures: number) =>
  Math.min(mostMs, againMs * 2 ** Math.min(failures - 1, 20)) * (0.75 + Math.random() / 2)

function passwordOf(app: FetchApp, { org, mailboxId, secret }: Leased): string {
  if (!secret) throw imapError('mail.imap-password-needed')
  try {
    return open(app.subkey(sealPurpose), secret, sealContext(org, mailboxId)).toString('utf8')
  } catch {
    throw imapError('mail.imap-secret')
  }
}

async function openFolder(client: ImapFlow, folder: string): Promise<void> {
  try {
    await client.mailboxOpen(folder)
  } catch (error) {
    if (client.usable) throw imapError('mail.imap-no-folder', imapProblem(error)?.said ?? '')
    throw error
  }
}

type Bell = {
  /** Only what comes from now on is news. */
  reset(): void
  /** Something came, the time is over, or the connection ended (which the next question tells). */
  news(pollMs: number, signal: AbortSignal): Promise<void>
}

function bellOf(client: ImapFlow): Bell {
  let rung = false
  let wake = () => {}
  const ring = () => {
    rung = true
    wake()
  }
  client.on('exists', ring)
  client.on('close', ring)
  return {
    reset() {
      rung = !client.usable
    },
    async news(pollMs, signal) {
      if (rung) return
      const quit = new AbortController()
      wake = () => quit.abort()
      // IDLE ends with the next question, or with the connection.
      client.idle().catch(() => undefined)
      await sleep(pollMs, undefined, { signal: AbortSignal.any([quit.signal, signal]) }).catch(() => undefined)
    },
  }
}

/** All is here; what the server did not let us mark is told, and does not stop anything. */
async function noteEnd(app: FetchApp, of: Leased): Promise<void> {
  const now = app.now()
  await noteLooked(app.db, of, now)
  const { unmarked } = await readProgress(app.db, of)
  if (unmarked.length > 0) await noteProblem(app.db, of, { code: 'mail.imap-cannot-mark', said: '' }, now)
}

type Failure = { readonly error: unknown; readonly connected: boolean }

/** How long to wait before the next try, in ms. A database that is away is no problem of the mail server. */
async function noteFailure(app: FetchApp, of: Leased, { error, connected }: Failure, pause: number): Promise<number> {
  if (connected && isUnavailable(error)) return pause
  const problem = imapProblem(error) ?? { code: 'mail.imap-defect', said: '' }
  const log = { mailbox: of.mailboxId, problem: problem.code }
  if (problem.code === 'mail.imap-defect') app.log.error({ ...log, err: error }, 'fetching mail broke')
  else app.log.warn(log, 'mail cannot be fetched')
  await noteProblem(app.db, of, problem, app.now()).catch(() => undefined)
  return lasting.has(problem.code) ? Math.max(pause, refusedMs) : pause
}
