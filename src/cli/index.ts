import { text } from 'node:stream/consumers'
import { ConfigError } from '../kit/config.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { checkpoint, refoldCommand, verify } from './audit-commands.ts'
import { type Command, type Env, helpOf, readCall, type Terminal, UsageError } from './command.ts'
import { backupCommand, doctor, migrateCommand, restoreCommand, schema } from './database-commands.ts'
import { demo } from './demo-command.ts'
import { exportCommand, importPackageCommand } from './export-commands.ts'
import { importCommand } from './import-command.ts'
import { mail } from './mail-commands.ts'
import { openapi } from './openapi-command.ts'
import { user } from './user-commands.ts'

const roles: readonly Command[] = (
  [
    ['all', 'Runs everything in one process: web, worker and, unless DATABASE_URL is set, the database. The default.'],
    ['serve', 'Runs the web process: pages and API. Any number of them over one database.'],
    ['work', 'Runs a worker: mail, clocks, checkpoints. At least one, besides serve.'],
  ] as const
).map(([name, about]) => ({
  name,
  about,
  details: 'Settings come from the environment: docs/operations.md. SIGTERM or Ctrl-C ends it in order.',
  options: [
    { name: 'port', value: 'n', about: 'PORT (default 8080)' },
    { name: 'host', value: 'host', about: 'HOST (default 127.0.0.1)' },
    { name: 'public-url', value: 'url', about: 'REDRESS_PUBLIC_URL: the address people reach it at' },
    { name: 'empty', about: 'begin without the demo organisation' },
  ],
  examples: [`${name} --port 9000`],
  // src/main.ts runs these itself; only their help comes here.
  run: async () => 2,
}))

/** Everything `./redress` can do. */
export const commands: readonly Command[] = [
  ...roles,
  migrateCommand,
  demo,
  importCommand,
  user,
  verify,
  checkpoint,
  refoldCommand,
  backupCommand,
  restoreCommand,
  exportCommand,
  importPackageCommand,
  doctor,
  mail,
  openapi,
  schema,
]

// Whoever reads may have seen enough (`| head`): what was begun is finished, and says no more.
const unheard = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
}

const terminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
  input: () => text(process.stdin),
}

/** Runs one command line; gives the exit code: 0 done, 1 found wrong or failed, 2 wrong usage or setting. */
export async function runCli(argv: readonly string[], env: Env, io: Terminal = terminal): Promise<number> {
  if (io === terminal) for (const out of [process.stdout, process.stderr]) out.on('error', unheard)
  const [name = 'help', ...rest] = argv
  if (['help', '--help', '-h'].includes(name)) return overview(io, rest[0])
  const command = commands.find((c) => c.name === name)
  if (!command) return complain(io, `there is no command "${name}"`, 'see: ./redress help', argv, 2)
  if (rest.includes('--help') || rest.includes('-h')) return overview(io, name)
  try {
    return await command.run(readCall(command, rest, env, io))
  } catch (error) {
    const usage = error instanceof UsageError || error instanceof ConfigError
    return complain(io, messageOf(error), usage ? `see: ./redress ${name} --help` : undefined, argv, usage ? 2 : 1)
  }
}

function overview({ print }: Terminal, name: string | undefined): number {
  const command = commands.find((c) => c.name === name)
  if (command) {
    print(helpOf(command))
    return 0
  }
  print('Redress: closed means solved, and everyone can see why.\n\nUsage: ./redress <command> [options]\n')
  for (const { name: each, about } of commands) print(`  ${each.padEnd(11)} ${about}`)
  print('\n./redress <command> --help tells more. --json on every command prints one JSON document.')
  return 0
}

/** A refusal says its code; anything else its message. Stack traces only with REDRESS_DEBUG. */
function messageOf(error: unknown): string {
  if (process.env.REDRESS_DEBUG && error instanceof Error) return error.stack ?? error.message
  if (error instanceof RefusalError)
    return `refused: ${error.refusal.code}${error.refusal.facts ? ` ${JSON.stringify(error.refusal.facts)}` : ''}`
  return error instanceof Error ? error.message || error.name : String(error)
}

function complain(
  io: Terminal,
  message: string,
  hint: string | undefined,
  argv: readonly string[],
  code: number,
): number {
  if (argv.includes('--json')) io.print(JSON.stringify({ ok: false, error: message }))
  io.complain(`${message}${hint ? `\n${hint}` : ''}`)
  return code
}
