import { Resolver } from 'node:dns/promises'
import { join } from 'node:path'
import { adoptEmbedded } from '../kit/postgres/index.ts'
import { destinationsOf, wouldThread } from '../mail/index.ts'
import type { ReadMail } from '../mail/domain/mail.ts'
import { type Call, type Command, UsageError } from './command.ts'
import { count, deliver } from './mail-deliver.ts'
import { withServices } from './installation.ts'
import { inspectFiles, type ThreadTo } from './mail-inspect.ts'

const does: Readonly<Record<string, (call: Call, words: readonly string[]) => Promise<number>>> = {
  inspect,
  deliver,
  count,
}

export const mail: Command = {
  name: 'mail',
  usage: 'inspect FILE… [--mailbox address] | deliver FILE… --mailbox address | count',
  about: 'Shows what mails say, takes mails from files in, and counts what became of all of them.',
  details: `inspect   prints each file as one JSON object on one line (- is standard input). Needs no database; where one
          is there, wouldThreadTo says to which complaint it would go, and by what. A mail that cannot be read is {file, problem},
          and the command ends with 1.
deliver   takes mails in as if they came by SMTP: .eml files, mbox files, Maildirs, folders (files in a folder whose names
          are not those of mails are left out, and named). A mail that is here already is not taken in twice. Says at the end what
          became of them: received = threaded + new + parked + rejected, with reasons; ends with 1 where that does not add up, or
          some still wait.
count     what became of all mail: received = threaded + new + parked + rejected, with reasons.`,
  options: [
    { name: 'dns', about: 'inspect: ask name servers, to check DKIM and DMARC (at most 2 s a mail)' },
    { name: 'trust', value: 'authserv-id', about: 'inspect: believe the Authentication-Results of this server' },
    { name: 'mailbox', value: 'address', about: 'deliver, inspect: the mailbox they are sent to' },
    { name: 'since', value: 'instant', about: 'count: only what came since then' },
  ],
  examples: [
    'mail inspect complaint.eml',
    'mail inspect *.eml > read.jsonl',
    'mail inspect - < complaint.eml',
    'mail deliver ~/Maildir --mailbox complaints@example.com',
    'mail count --json',
  ],
  run(call) {
    const [what = '', ...words] = call.words
    const run = does[what]
    if (!run) throw new UsageError(`say what: ${Object.keys(does).join(' | ')}`)
    return run(call, words)
  },
}

async function inspect(call: Call, files: readonly string[]): Promise<number> {
  if (files.length === 0) throw new UsageError('name at least one file, or - for standard input')
  const trusted = call.text('trust')
  const names = new Resolver({ timeout: 1_000, tries: 1 })
  const context = {
    now: call.now(),
    ...(trusted === undefined ? {} : { trustedAuthServ: [trusted] }),
    ...(call.flag('dns') ? { resolver: (domain: string, type: string) => names.resolve(domain, type) } : {}),
  }
  return threading(call, async (threadTo) => {
    let unreadable = 0
    const all: unknown[] = []
    for await (const { readable, shown } of inspectFiles(files, context, threadTo)) {
      if (!readable) unreadable += 1
      if (call.flag('json')) all.push(shown)
      else call.say(JSON.stringify(shown))
    }
    call.result(files.length === 1 ? all[0] : all)
    return unreadable === 0 ? 0 : 1
  })
}

/**
 * Looks mails up as they would be threaded: in the mailbox that is named, else in those they are addressed to where a database is
 * running already. Without either nothing is looked up, and nothing started. Nothing is written.
 */
async function threading(call: Call, work: (threadTo: ThreadTo) => Promise<number>): Promise<number> {
  const { config } = call
  const address = call.text('mailbox')
  if (address === undefined && !config.databaseUrl && !(await adoptEmbedded(join(config.dataDir, 'postgres'))))
    return work(async () => null)
  let opened = false
  const looking = withServices(config, async (app) => {
    opened = true
    const named = address === undefined ? undefined : (await destinationsOf(app, [address])).found[0]
    if (address !== undefined && !named) throw new UsageError(`there is no mailbox ${address}`)
    return work(async (mail) => {
      const to = named ?? (await destinationsOf(app, addressed(mail))).found[0]
      return to ? wouldThread(app, to, mail, call.now()) : null
    })
  })
  return looking.catch((error: unknown) => {
    if (opened || address !== undefined) throw error
    return work(async () => null)
  })
}

const addressed = ({ deliveredTo, to, cc }: ReadMail) =>
  [...deliveredTo, ...[...to, ...cc].map((a) => a.address)].slice(0, 200)
