import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { changeStaff, createStaff, isRole, revokeSessions, roleNames, setPassword } from '../people/index.ts'
import { type Call, type Command, UsageError } from './command.ts'
import { type Opened, withServices } from './installation.ts'

type Org = { org_id: string; slug: string }
type Member = { id: string; name: string; mail: string; active: boolean; roles: string[] }
type Deed = (app: Opened, call: Call, org: Org) => Promise<number>

export const user: Command = {
  name: 'user',
  usage: 'list | create <mail> | password <mail> | deactivate <mail> | roles <mail> <role,role> | sessions-end <mail>',
  about: 'Accounts of members of staff, from the machine itself: also when nobody can sign in any more.',
  details: `create and password make up a password and print it once, unless --password-stdin gives one.
password and deactivate end all sessions. Roles: ${roleNames.join(', ')}.`,
  options: [
    { name: 'org', value: 'slug', about: 'the organisation (may be left out when there is one)' },
    { name: 'name', value: 'name', about: 'create: the name shown' },
    { name: 'roles', value: 'a,b', about: 'create: the roles (default handler)' },
    { name: 'password-stdin', about: 'read the password from standard input' },
  ],
  examples: [
    'user list',
    'user create lin@harbour.example --name 林怡君 --roles handler,team_lead',
    'user password lin@harbour.example --password-stdin < password.txt',
    'user deactivate lin@harbour.example',
    'user roles lin@harbour.example administrator,handler',
    'user sessions-end lin@harbour.example',
  ],
  run: (call) => {
    const deed = deeds[call.words[0] ?? '']
    if (!deed) throw new UsageError(`use: user ${Object.keys(deeds).join(' | ')}`)
    return withServices(call.config, async (app) => deed(app, call, await organisation(app, call.text('org'))))
  },
}

const deeds: Readonly<Record<string, Deed>> = {
  async list(app, call, org) {
    const members = await readMembers(app, org)
    for (const m of members) call.say(`${m.active ? ' ' : '-'} ${m.mail.padEnd(36)} ${m.name}  ${m.roles.join(', ')}`)
    call.result({ organisation: org.slug, users: members })
    return 0
  },
  async create(app, call, org) {
    const mail = word(call, 1, 'a mail address')
    if (!/^[^\s@]+@[^\s@]+$/.test(mail)) throw new UsageError(`${mail} is no mail address`)
    const roles = rolesIn(call.text('roles') ?? 'handler')
    const password = call.flag('password-stdin') ? await passwordFromInput(call) : undefined
    const given = { name: call.text('name') ?? mail, mail, roles, password }
    const made = await scoped(app, org, (tx) => createStaff(tx, doing(app, org), given))
    call.say(`${mail} may sign in${made.initialPassword ? ` with ${made.initialPassword}` : ''}`)
    call.result({ mail, roles, ...made })
    return 0
  },
  async password(app, call, org) {
    const member = await find(app, call, org)
    const given = call.flag('password-stdin') ? await passwordFromInput(call) : undefined
    const password = given ?? randomBytes(15).toString('base64url')
    await scoped(app, org, (tx) => setPassword(tx, doing(app, org), member.id, password))
    call.say(given ? `the password of ${member.mail} is changed` : `the password of ${member.mail} is now ${password}`)
    call.result({ mail: member.mail, ...(given ? {} : { password }) })
    return 0
  },
  async deactivate(app, call, org) {
    const member = await find(app, call, org)
    await scoped(app, org, (tx) => changeStaff(tx, doing(app, org), member.id, { active: false }))
    call.say(`${member.mail} can no longer sign in`)
    call.result({ mail: member.mail, active: false })
    return 0
  },
  async roles(app, call, org) {
    const member = await find(app, call, org)
    const roles = rolesIn(word(call, 2, 'roles'))
    await scoped(app, org, (tx) => changeStaff(tx, doing(app, org), member.id, { roles }))
    call.say(`${member.mail}: ${roles.join(', ')}`)
    call.result({ mail: member.mail, roles })
    return 0
  },
  async 'sessions-end'(app, call, org) {
    const member = await find(app, call, org)
    const ended = await scoped(app, org, (tx) => revokeSessions(tx, org.org_id, member.id))
    call.say(`${ended} sessions of ${member.mail} ended`)
    call.result({ mail: member.mail, ended })
    return 0
  },
}

const doing = (app: Opened, org: Org) => ({ org: org.org_id, now: app.now() })
const scoped = <T>(app: Opened, org: Org, work: Parameters<typeof app.db.withScope<T>>[1]) =>
  app.db.withScope<T>({ org: org.org_id, scope: 'none' }, work)

async function organisation(app: Opened, slug: string | undefined): Promise<Org> {
  const found = await app.systemDb.withoutScope((tx) =>
    tx.rows<Org>(
      sql`select org_id, slug from organisation where ${slug ?? null}::text is null or slug = ${slug ?? null} order by no limit 2`,
    ),
  )
  if (found.length === 2) throw new UsageError('there are several organisations: say which with --org <slug>')
  if (!found[0]) throw new UsageError(slug ? `there is no organisation "${slug}"` : 'there is no organisation yet')
  return found[0]
}

function readMembers(app: Opened, org: Org, mail: string | null = null): Promise<Member[]> {
  return app.systemDb.withoutScope((tx) =>
    tx.rows<Member>(
      sql`select s.id, s.name, s.mail, s.active, coalesce(array_agg(r.role order by r.role) filter (where r.role is not null), '{}') as roles
          from staff s left join staff_role r on r.org_id = s.org_id and r.staff_id = s.id
          where s.org_id = ${org.org_id} and s.user_id is not null and (${mail}::text is null or s.mail = ${mail}) group by s.org_id, s.id order by s.mail`,
    ),
  )
}

async function find(app: Opened, call: Call, org: Org): Promise<Member> {
  const mail = word(call, 1, 'a mail address').toLowerCase()
  const [member] = await readMembers(app, org, mail)
  if (!member) throw new UsageError(`${org.slug} has no account ${mail}`)
  return member
}

function word(call: Call, at: number, what: string): string {
  const given = call.words[at]
  if (!given) throw new UsageError(`user ${call.words[0]}: give ${what}`)
  return given
}

function rolesIn(list: string): string[] {
  const roles = list
    .split(',')
    .map((r) => r.trim())
    .filter(Boolean)
  const unknown = roles.filter((r) => !isRole(r))
  if (unknown.length > 0)
    throw new UsageError(`no such role: ${unknown.join(', ')} (there are ${roleNames.join(', ')})`)
  return roles
}

async function passwordFromInput(call: Call): Promise<string> {
  const password = (await call.input()).replace(/\r?\n$/, '')
  if (password === '') throw new UsageError('no password came on standard input')
  return password
}
