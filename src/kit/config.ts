import { z } from 'zod'

/** A setting with a wrong value: one line that names it. The program ends with `exitCode`. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly exitCode = 2
}

const whole = (least: number, most: number, standard: number) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number)
    .default(standard)

const address = (schemes: readonly string[], wanted: string) =>
  z.string().refine((text) => schemes.includes(URL.parse(text)?.protocol ?? ''), { error: `must be ${wanted}` })

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const variables = z.object({
  PORT: whole(0, 65_535, 8080),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, { error: 'must be a host name or an IP address without a port or scheme' })
    .default('127.0.0.1'),
  DATABASE_URL: address(['postgres:', 'postgresql:'], 'a postgres:// address').optional(),
  REDRESS_DATA: z.string().default('./data'),
  REDRESS_SECRET: z.string().min(32, { error: 'must have at least 32 characters' }).optional(),
  REDRESS_PUBLIC_URL: address(['http:', 'https:'], 'an http:// or https:// address')
    .refine((text) => !/[?#]/.test(text), { error: 'must not have a query or a fragment' })
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  SMTP_URL: address(['smtp:', 'smtps:'], 'an smtp:// or smtps:// address').optional(),
  REDRESS_MAIL_LISTEN: z
    .string()
    .refine((text) => text === 'off' || listenersOf(text) !== undefined, {
      error:
        'must be off, or addresses such as 127.0.0.1:2525, smtps://0.0.0.0:465 or lmtp://127.0.0.1:2424, by commas',
    })
    .optional(),
  REDRESS_MAIL_TLS_CERT: z.string().optional(),
  REDRESS_MAIL_TLS_KEY: z.string().optional(),
  REDRESS_MAIL_NAME: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/, { error: 'must be a host name' })
    .optional(),
  REDRESS_MAIL_TRUSTED: z.string().default(''),
  REDRESS_MAIL_MAX_MB: whole(1, 200, 35),
  REDRESS_RATE_MAIL: whole(1, 1_000_000, 120),
  LOG_LEVEL: z.enum(levels, { error: `must be one of ${levels.join(', ')}` }).default('info'),
  REDRESS_DATABASE_SECONDS: whole(1, 600, 15),
  REDRESS_UNDO_SECONDS: whole(0, 60, 10),
  REDRESS_MAX_UPLOAD_MB: whole(1, 1024, 25),
  REDRESS_RATE_API: whole(1, 1_000_000, 3000),
  REDRESS_RATE_PORTAL: whole(1, 1_000_000, 60),
  REDRESS_RATE_SIGN_IN: whole(1, 1_000_000, 30),
})

/** One address that takes mail in. */
export type MailListener = {
  readonly protocol: 'smtp' | 'smtps' | 'lmtp'
  readonly host: string
  readonly port: number
}

/** Undefined where one of them is none. */
function listenersOf(text: string): MailListener[] | undefined {
  const found = text.split(',').map((one) => {
    const [, protocol = 'smtp', host = '', port = ''] =
      /^(?:(smtps?|lmtp):\/\/)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})\/?$/.exec(one.trim()) ?? []
    return { protocol: protocol as MailListener['protocol'], host: host.replaceAll(/[[\]]/g, ''), port: Number(port) }
  })
  return found.every(({ host, port }) => host !== '' && port <= 65_535) ? found : undefined
}

type Variables = z.output<typeof variables>

/** Everything that is decided outside the program. */
export type Config = {
  /** 0 lets the system choose. */
  readonly port: number
  readonly host: string
  /** An outside PostgreSQL; absent: the embedded one. */
  readonly databaseUrl: string | undefined
  /** The folder of the embedded database, files and the secret. */
  readonly dataDir: string
  /** Absent: `<dataDir>/secret.key`. */
  readonly secret: string | undefined
  /** The address people reach the portal at, without a slash at its end. */
  readonly publicUrl: string | undefined
  readonly smtpUrl: string | undefined
  /** Where mail is taken in; undefined: not said, so only where everything runs on one machine. */
  readonly mailListen: readonly MailListener[] | undefined
  /** What the listener calls itself, its certificate and key (files) for TLS, the largest mail, mails a minute of one sender. */
  readonly mail: {
    readonly name: string | undefined
    readonly cert: string | undefined
    readonly key: string | undefined
    readonly maxBytes: number
    /** authserv-ids of MX of ours, whose word on where a mail comes from is believed. */
    readonly trusted: readonly string[]
    readonly perMinute: number
  }
  readonly logLevel: Variables['LOG_LEVEL']
  /** How long one statement of a request may take before the answer is 503. */
  readonly databaseMs: number
  /** How long an outgoing message waits and can be taken back. */
  readonly undoSeconds: number
  readonly maxUploadBytes: number
  /** Requests one caller may make in a minute. */
  readonly perMinute: { readonly api: number; readonly portal: number; readonly signIn: number }
}

/** What `--port 9000` on the command line stands for; it wins over the environment. */
const flags: Readonly<Record<string, keyof Variables>> = {
  port: 'PORT',
  host: 'HOST',
  'database-url': 'DATABASE_URL',
  data: 'REDRESS_DATA',
  'public-url': 'REDRESS_PUBLIC_URL',
  'smtp-url': 'SMTP_URL',
  'mail-listen': 'REDRESS_MAIL_LISTEN',
  'log-level': 'LOG_LEVEL',
}

/** Reads and checks the settings; an empty variable counts as absent. Throws `ConfigError`, one line a wrong value. */
export function readConfig(env: Readonly<Record<string, string | undefined>>, argv: readonly string[] = []): Config {
  const given = Object.entries({ ...env, ...fromFlags(argv) }).filter(([, value]) => value?.trim())
  const read = variables.safeParse(Object.fromEntries(given.map(([name, value]) => [name, value?.trim()])))
  if (read.success) return toConfig(read.data)
  // The values are not repeated: some are secrets.
  throw new ConfigError(read.error.issues.map((one) => `${one.path.join('.')} ${one.message}`).join('\n'))
}

/** `readConfig` for an entry point: prints what is wrong and ends the program with 2. */
export function configOrExit(env: Readonly<Record<string, string | undefined>>, argv: readonly string[] = []): Config {
  try {
    return readConfig(env, argv)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(error.exitCode)
  }
}

function fromFlags(argv: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? ''
    const [, flag = '', inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(argument) ?? []
    const variable = flags[flag]
    if (!variable)
      throw new ConfigError(
        `${argument} is not an option: use ${Object.keys(flags)
          .map((f) => `--${f}`)
          .join(', ')}`,
      )
    const value = inline ?? argv[++at]
    if (!value) throw new ConfigError(`--${flag} needs a value`)
    found[variable] = value
  }
  return found
}

function toConfig(read: Variables): Config {
  return {
    port: read.PORT,
    host: read.HOST,
    databaseUrl: read.DATABASE_URL,
    dataDir: read.REDRESS_DATA,
    secret: read.REDRESS_SECRET,
    publicUrl: read.REDRESS_PUBLIC_URL,
    smtpUrl: read.SMTP_URL,
    mailListen:
      read.REDRESS_MAIL_LISTEN === undefined
        ? undefined
        : read.REDRESS_MAIL_LISTEN === 'off'
          ? []
          : listenersOf(read.REDRESS_MAIL_LISTEN),
    mail: {
      name: read.REDRESS_MAIL_NAME,
      cert: read.REDRESS_MAIL_TLS_CERT,
      key: read.REDRESS_MAIL_TLS_KEY,
      maxBytes: read.REDRESS_MAIL_MAX_MB * 2 ** 20,
      trusted: read.REDRESS_MAIL_TRUSTED.split(',').flatMap((name) => name.trim() || []),
      perMinute: read.REDRESS_RATE_MAIL,
    },
    logLevel: read.LOG_LEVEL,
    databaseMs: read.REDRESS_DATABASE_SECONDS * 1000,
    undoSeconds: read.REDRESS_UNDO_SECONDS,
    maxUploadBytes: read.REDRESS_MAX_UPLOAD_MB * 2 ** 20,
    perMinute: { api: read.REDRESS_RATE_API, portal: read.REDRESS_RATE_PORTAL, signIn: read.REDRESS_RATE_SIGN_IN },
  }
}
