import { Resolver } from 'node:dns/promises'
import { type Call, type Command, UsageError } from './command.ts'
import { count, deliver } from './mail-deliver.ts'
import { inspectFiles } from './mail-inspect.ts'

const does: Readonly<Record<string, (call: Call, words: readonly string[]) => Promise<number>>> = {
  inspect,
  deliver,
  count,
}

export const mail: Command = {
  name: 'mail',
  usage: 'inspect FILE… | deliver FILE… --mailbox address | count',
  about: 'Shows what mails say, takes mails from files in, and counts what became of all of them.',
  details: `inspect   prints each file as one JSON object on one line (- is standard input). Needs no database. A mail
          that cannot be read is {file, problem}, and the command ends with 1.
deliver   takes mails in as if they came by SMTP: .eml files, mbox files, Maildirs, folders. A mail that is here already is
          not taken in twice. Ends with 1 where some still wait.
count     what became of all mail: received = threaded + new + parked + rejected, with reasons.`,
  options: [
    { name: 'dns', about: 'inspect: ask name servers, to check DKIM and DMARC (at most 2 s a mail)' },
    { name: 'trust', value: 'authserv-id', about: 'inspect: believe the Authentication-Results of this server' },
    { name: 'mailbox', value: 'address', about: 'deliver: the mailbox they are sent to' },
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
  let unreadable = 0
  const all: unknown[] = []
  for await (const { readable, shown } of inspectFiles(files, context)) {
    if (!readable) unreadable += 1
    if (call.flag('json')) all.push(shown)
    else call.say(JSON.stringify(shown))
  }
  call.result(files.length === 1 ? all[0] : all)
  return unreadable === 0 ? 0 : 1
}
