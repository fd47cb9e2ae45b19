import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AuditWorld, auditWorld } from '../audit/audit-world.ts'
import { commands, runCli } from './index.ts'

let world: AuditWorld
beforeAll(async () => {
  world = await auditWorld()
  await world.record('漏水')
})
afterAll(() => world.stop())

type Ended = { code: number; out: string; err: string }

/** On the world's database as an outside one. */
async function redress(args: readonly string[], input = ''): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []]
  const env = { REDRESS_DATA: world.dataDir, DATABASE_URL: world.url }
  const code = await runCli(args, env, {
    print: (line) => out.push(line),
    complain: (line) => err.push(line),
    input: async () => input,
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

describe('the command line', () => {
  it('explains every command, with usage, examples and exit codes', async () => {
    const { out, code } = await redress(['help'])
    expect(code).toBe(0)
    for (const { name } of commands) expect(out).toContain(`\n  ${name} `)
    for (const name of ['backup', 'serve']) {
      const help = await redress([name, '--help'])
      expect(help).toMatchObject({ code: 0, err: '' })
      for (const part of ['Usage: ./redress', 'Examples:', 'Exit codes:']) expect(help.out).toContain(part)
    }
  })
  it.each([
    [['nonsense'], /no command "nonsense"/],
    [['verify', '--colour'], /colour/],
    [['backup'], /give a folder/],
    [['user', 'dance'], /list \| create/],
    [['user', 'roles', 'wu@harbour.example', 'king'], /no such role: king/],
    [['verify', '--org', 'nobody'], /no organisation/],
    [['doctor', '--database-url', 'mysql://x'], /DATABASE_URL/],
  ])('ends with 2 for wrong usage: %j', async (args, words) => {
    const { code, out, err } = await redress(args)
    expect({ code, said: words.test(out + err) }).toEqual({ code: 2, said: true })
  })
  it('ends with 0 where all is well and with 1 where something is wrong', async () => {
    expect((await redress(['verify'])).code).toBe(0)
    await world.meddle(`update complaint set severity = 'critical'`)
    const { code, out } = await redress(['verify', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      wrong: 1,
      findings: [{ code: 'audit.state-mismatch', org: 'harbour' }],
    })
    expect(JSON.parse((await redress(['refold', '--all', '--json'])).out)).toMatchObject({ complaints: 1 })
    expect((await redress(['verify'])).code).toBe(0)
  })
  it('prints one JSON document for each command', async () => {
    expect(JSON.parse((await redress(['doctor', '--json'])).out)).toMatchObject({ ok: true })
    expect(JSON.parse((await redress(['checkpoint', '--json'])).out)).toHaveLength(1)
    expect(JSON.parse((await redress(['openapi', '--json'])).out)).toMatchObject({ openapi: '3.1.0' })
    expect(JSON.parse((await redress(['migrate', '--json'])).out)).toEqual({ applied: [] })
    expect(JSON.parse((await redress(['nonsense', '--json'])).out)).toMatchObject({ ok: false })
  })
  it('makes, changes and shuts accounts', async () => {
    const made = JSON.parse(
      (await redress(['user', 'create', 'Lin@Harbour.example', '--name', '林', '--json'])).out,
    ) as { initialPassword: string }
    expect(made.initialPassword).toHaveLength(23)
    expect((await redress(['user', 'password', 'lin@harbour.example', '--password-stdin'], 'short\n')).code).toBe(1)
    expect(
      (await redress(['user', 'password', 'lin@harbour.example', '--password-stdin'], 'a long enough phrase 7\n')).code,
    ).toBe(0)
    expect((await redress(['user', 'roles', 'lin@harbour.example', 'approver,handler'])).code).toBe(0)
    expect((await redress(['user', 'sessions-end', 'lin@harbour.example'])).code).toBe(0)
    expect((await redress(['user', 'deactivate', 'lin@harbour.example'])).code).toBe(0)
    const { users } = JSON.parse((await redress(['user', 'list', '--json'])).out) as { users: object[] }
    expect(users).toContainEqual(
      expect.objectContaining({ mail: 'lin@harbour.example', active: false, roles: ['approver', 'handler'] }),
    )
  })
  it('refuses an installation whose secret is another', async () => {
    await world.meddle(`update meta.setting set value = '"0000"' where key = 'secret-fingerprint'`)
    expect(await redress(['verify'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/is not the one of this database/) as string,
    })
    expect((await redress(['doctor'])).code).toBe(1)
  })
})
