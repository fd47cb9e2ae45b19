import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

describe('settings', () => {
  test('nothing set gives a program that only this machine can reach', () => {
    expect(readConfig({})).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      databaseUrl: undefined,
      dataDir: './data',
      logLevel: 'info',
      undoSeconds: 10,
      maxUploadBytes: 25 * 2 ** 20,
    })
  })

  test.each([
    ['an empty variable counts as absent', { PORT: '', DATABASE_URL: '  ' }, { port: 8080, databaseUrl: undefined }],
    ['port 0 lets the system choose', { PORT: '0' }, { port: 0 }],
    ['undo can be switched off', { REDRESS_UNDO_SECONDS: '0' }, { undoSeconds: 0 }],
    [
      'the public address loses its last slash',
      { REDRESS_PUBLIC_URL: 'https://a.example/x/' },
      { publicUrl: 'https://a.example/x' },
    ],
    ['all interfaces, IPv6', { HOST: '::' }, { host: '::' }],
  ])('%s', (_title, env, expected) => {
    expect(readConfig(env)).toMatchObject(expected)
  })

  test.each([
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '1e3'],
    ['HOST', 'http://localhost'],
    ['DATABASE_URL', 'mysql://a/b'],
    ['DATABASE_URL', 'localhost:5432'],
    ['REDRESS_SECRET', 'too-short-0123456789012345678'],
    ['REDRESS_PUBLIC_URL', 'complaints.example.com'],
    ['REDRESS_PUBLIC_URL', 'https://a.example/?x=1'],
    ['SMTP_URL', 'http://mail'],
    ['LOG_LEVEL', 'loud'],
    ['REDRESS_UNDO_SECONDS', '61'],
    ['REDRESS_UNDO_SECONDS', '1.5'],
    ['REDRESS_MAX_UPLOAD_MB', '2048'],
    ['REDRESS_RATE_SIGN_IN', 'many'],
  ])('%s=%s is refused in one line that names it and keeps the value to itself', (name, value) => {
    const problem = problemOf({ [name]: value })
    expect(problem).toMatch(new RegExp(`^${name} must [^\\n]+$`))
    expect(problem).not.toContain(value)
  })

  test('several wrong values are told at once, a line each', () => {
    expect(problemOf({ PORT: 'x', LOG_LEVEL: 'y' }).split('\n')).toHaveLength(2)
  })
})

describe('options', () => {
  test('win over the environment, in both spellings', () => {
    expect(readConfig({ PORT: '1', HOST: 'a' }, ['--port', '2', '--host=b'])).toMatchObject({ port: 2, host: 'b' })
  })

  test.each([
    [['--prot', '1'], '--prot is not an option'],
    [['start'], 'start is not an option'],
    [['--port'], '--port needs a value'],
    [['--port', 'x'], 'PORT must be'],
  ])('%j is refused', (argv, expected) => {
    expect(() => readConfig({}, argv)).toThrow(expected)
  })
})

function problemOf(env: Record<string, string>): string {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError && error.exitCode === 2) return error.message
    throw error
  }
  return ''
}
