import { sql } from 'kysely'
import type { z } from 'zod'
import { type Asked, noteChange } from '../../catalogue/index.ts'
import { RefusalError } from '../../kit/pure/result.ts'
import { open, seal } from '../../kit/secrets.ts'
import type { Services } from '../../kit/services.ts'
import type { Fetching, ImapSettings, setFetching } from './contract.ts'
import { sealContext, sealPurpose } from './secret.ts'

type Given = z.output<typeof setFetching.body & object>
type Keys = Pick<Services, 'subkey'>

const no = (code: string, status: 404 | 409 | 422, facts: Record<string, unknown> = {}) =>
  new RefusalError({ code: `mail.${code}`, status, facts })

type Row = {
  readonly id: string
  readonly version: number
  readonly on: boolean
  readonly settings: ImapSettings | null
  readonly secret: Buffer | null
  readonly looked_at: number | null
  readonly failing_since: number | null
  readonly problem: string | null
  readonly said: string | null
  readonly fetched: number | null
}

const rowsOf = ({ tx, actor }: Pick<Asked, 'tx' | 'actor'>, id?: string) =>
  tx.rows<Row>(
    sql`select m.id, m.version, m.comes_by = 'imap' as on, m.imap as settings, m.secret, s.looked_at, s.failing_since, s.problem, s.said, s.fetched
        from mailbox m left join imap_state s on s.org_id = m.org_id and s.mailbox_id = m.id
        where m.org_id = ${actor.org.id} and ${id === undefined ? sql`m.imap is not null` : sql`m.id = ${id}`} order by m.created_at, m.id`,
  )

async function rowOf(asked: Pick<Asked, 'tx' | 'actor'>, id: string): Promise<Row> {
  const [row] = await rowsOf(asked, id)
  if (!row) throw no('no-such-mailbox', 404)
  return row
}

/** The mailboxes that are or were fetched, the oldest first. */
export async function readFetching(asked: Asked): Promise<Fetching[]> {
  return (await rowsOf(asked)).flatMap((r) => (r.settings ? [itemOf(r, r.settings)] : []))
}

function itemOf(r: Row, settings: ImapSettings): Fetching {
  const iso = (ms: number) => new Date(ms).toISOString()
  return {
    mailboxId: r.id,
    version: r.version,
    on: r.on,
    settings,
    hasPassword: r.secret !== null,
    lookedAt: r.looked_at === null ? null : iso(r.looked_at),
    failing:
      r.failing_since === null || r.problem === null
        ? null
        : { since: iso(r.failing_since), problem: r.problem, said: r.said ?? '' },
    fetched: r.fetched ?? 0,
  }
}

/** Has a mailbox fetched, or no longer; what is switched off keeps its settings. */
export async function writeFetching(app: Keys, asked: Asked, id: string, body: Given): Promise<Fetching> {
  const { tx, actor } = asked
  const org = actor.org.id
  await tx.run(sql`select 1 from mailbox where org_id = ${org} and id = ${id} for update`)
  const row = await rowOf(asked, id)
  if (row.version !== body.version) throw no('stale', 409, { version: row.version })
  const { version: _, on, password, ...settings } = body
  if (settings.after === 'move' && settings.moveTo === null) throw no('imap-no-folder-named', 422)
  const secret = password === undefined ? keptFor(row, settings) : sealed(app, org, id, password)
  await tx.run(
    sql`update mailbox set comes_by = ${on ? 'imap' : 'smtp'}, imap = ${JSON.stringify(settings)}::jsonb, secret = ${secret}, version = version + 1
        where org_id = ${org} and id = ${id}`,
  )
  await keepState(asked, id, samePlace(row.settings, settings))
  await noteChange(asked, {
    list: 'mailboxes',
    item: id,
    what: 'changed',
    before: { imap: row.settings && { ...row.settings, on: row.on } },
    after: { imap: { ...settings, on }, ...(password === undefined ? {} : { password: 'new' }) },
  })
  const after = await rowOf({ tx, actor }, id)
  return itemOf(after, settings)
}

const samePlace = (was: ImapSettings | null, is: ImapSettings) =>
  was !== null && sameServer(was, is) && was.folder === is.folder

/** Other settings deserve a try of their own: what went wrong with those of before is not said of them. */
async function keepState({ tx, actor, now }: Asked, mailboxId: string, same: boolean): Promise<void> {
  await tx.run(
    sql`insert into imap_state as s (org_id, mailbox_id, began_at) values (${actor.org.id}, ${mailboxId}, ${new Date(now)})
        on conflict (org_id, mailbox_id) do update set failing_since = null, problem = null, said = null,
          validity = case when ${same}::boolean then s.validity end, began_at = case when ${same}::boolean then s.began_at else excluded.began_at end,
          anew = case when ${same}::boolean then s.anew else 0 end, unmarked = case when ${same}::boolean then s.unmarked else '{}' end,
          looked_at = case when ${same}::boolean then s.looked_at end`,
  )
}

type Place = Pick<ImapSettings, 'host' | 'port' | 'security' | 'user'>
const sameServer = (a: Place, b: Place) =>
  a.host === b.host && a.port === b.port && a.security === b.security && a.user === b.user

/** A kept password goes nowhere but where it was given for: whoever may change the host shall not read it there. */
function keptFor(row: Row, to: Place): Buffer {
  if (!row.secret || !row.settings || !sameServer(row.settings, to)) throw no('imap-password-needed', 422)
  return row.secret
}

const sealed = (app: Keys, org: string, id: string, password: string) =>
  seal(app.subkey(sealPurpose), password, sealContext(org, id))

/** The password to try a server with: the one given, or the kept one where it belongs. */
export async function passwordFor(
  app: Keys,
  asked: Pick<Asked, 'tx' | 'actor'>,
  id: string,
  { password, ...to }: Place & { readonly password?: string | undefined },
): Promise<string> {
  const row = await rowOf(asked, id)
  if (password !== undefined) return password
  return open(app.subkey(sealPurpose), keptFor(row, to), sealContext(asked.actor.org.id, id)).toString('utf8')
}
