import { parseArgs, type ParseArgsConfig } from 'node:util'
import { type Config, readConfig } from '../kit/config.ts'

export type Env = Readonly<Record<string, string | undefined>>
type Values = Readonly<Record<string, string | boolean | undefined>>

/** Where a command line reads and writes: the terminal, or a test. */
export type Terminal = {
  readonly print: (line: string) => void
  readonly complain: (line: string) => void
  readonly input: () => Promise<string>
}

/** What a command is given. */
export type Call = {
  readonly config: Config
  readonly words: readonly string[]
  text(option: string): string | undefined
  flag(option: string): boolean
  /** What people read; silent with --json. */
  say(line: string): void
  /** The result: one JSON document with --json, else nothing (what people read was said). */
  result(value: unknown): void
  readonly now: () => number
  /** Everything on standard input. */
  readonly input: () => Promise<string>
}

export type Option = { readonly name: string; readonly value?: string; readonly about: string }

/** One command of `./redress`. `run` gives the exit code: 0 done, 1 found something wrong. */
export type Command = {
  readonly name: string
  /** What follows the name, as shown: `<dir>`, `list | create …`. */
  readonly usage?: string
  readonly about: string
  readonly details?: string
  readonly options?: readonly Option[]
  readonly examples: readonly string[]
  run(call: Call): Promise<number>
}

/** The caller asked for something that is not there; ends with 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Options every command has. */
export const common: readonly Option[] = [
  { name: 'data', value: 'folder', about: 'the data folder (REDRESS_DATA; default ./data)' },
  { name: 'database-url', value: 'url', about: 'an outside PostgreSQL (DATABASE_URL); absent: the embedded one' },
  { name: 'json', about: 'print one JSON document instead of sentences' },
  { name: 'help', about: 'show this' },
]

/** Reads the arguments of a command. Throws UsageError, or ConfigError for a wrong setting. */
export function readCall(command: Command, argv: readonly string[], env: Env, { print, input }: Terminal): Call {
  const options: NonNullable<ParseArgsConfig['options']> = {}
  for (const { name, value } of [...common, ...(command.options ?? [])])
    options[name] = { type: value ? 'string' : 'boolean' }
  const { values, words } = parse(argv, options)
  const json = values.json === true
  const text = (option: string) => (typeof values[option] === 'string' ? values[option] : undefined)
  const config = readConfig({
    ...env,
    REDRESS_DATA: text('data') ?? env.REDRESS_DATA,
    DATABASE_URL: text('database-url') ?? env.DATABASE_URL,
  })
  return {
    config,
    words,
    text,
    flag: (option) => values[option] === true,
    say: (line) => (json ? undefined : print(line)),
    result: (value) => (json ? print(JSON.stringify(value, null, 2)) : undefined),
    now: Date.now,
    input,
  }
}

function parse(
  argv: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
): { values: Values; words: string[] } {
  try {
    const read = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
    return { values: read.values as Values, words: read.positionals }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** The whole help of one command. */
export function helpOf(command: Command): string {
  const options = [...(command.options ?? []), ...common]
  const lines = options.map(
    ({ name, value, about }) => `  ${`--${name}${value ? ` <${value}>` : ''}`.padEnd(24)} ${about}`,
  )
  return [
    `${command.about}\n`,
    `Usage: ./redress ${command.name}${command.usage ? ` ${command.usage}` : ''} [options]\n`,
    ...(command.details ? [`${command.details.trim()}\n`] : []),
    'Options:',
    ...lines,
    '\nExamples:',
    ...command.examples.map((e) => `  ./redress ${e}`),
    '\nExit codes: 0 done · 1 found something wrong, or failed · 2 wrong usage or setting',
  ].join('\n')
}
