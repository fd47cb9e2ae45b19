import { Resolver } from 'node:dns/promises'
import { type Call, type Command, UsageError } from './command.ts'
import { inspectFiles } from './mail-inspect.ts'

const does: Readonly<Record<string, (call: Call, words: readonly string[]) => Promise<number>>> = { inspect }

export const mail: Command = {
  name: 'mail',
  usage: 'inspect FILE…',
  about: 'Reads mails as the program would, and shows what it sees in them.',
  details: `inspect   prints each file as one JSON object on one line (- is standard input). Needs no database. A mail
          that cannot be read is {file, problem}, and the command ends with 1.`,
  options: [
    { name: 'dns', about: 'inspect: ask name servers, to check DKIM and DMARC (at most 2 s a mail)' },
    { name: 'trust', value: 'authserv-id', about: 'inspect: believe the Authentication-Results of this server' },
  ],
  examples: ['mail inspect complaint.eml', 'mail inspect *.eml > read.jsonl', 'mail inspect - < complaint.eml'],
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
