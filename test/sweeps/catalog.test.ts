import pg from 'pg'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { record, startWorld, type World } from '../world/world.ts'

// The catalog of the database, read as it is: whatever a migration adds is held to the rules of docs/design.md §3.

let world: World
let admin: pg.Client
beforeAll(async () => {
  world = await startWorld()
  for (const house of ['home', 'neighbour'] as const) {
    const complainant = { name: '林小姐', mail: 'lin@example.test', phone: '0912 345 678' }
    await record(world, { complainant, orderNo: 'A-1', flags: ['safety'] }, 'intake', house)
    await record(world, { complainant, orderNo: 'A-1' }, 'intake', house)
  }
  admin = new pg.Client({ connectionString: world.url })
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await world.stop()
})

const names = async (text: string, values: unknown[] = []): Promise<string[]> =>
  (await admin.query<{ name: string }>(text, values)).rows.map((r) => r.name).sort()

/** Every table in public: each belongs to an organisation, because global ones live in auth, meta and graphile_worker. */
const tenantTables = () =>
  names(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
  )

describe('tables', () => {
  it('lie in public with org_id, or in the closed list of global schemas', async () => {
    const strays = await names(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'f') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'auth', 'meta', 'graphile_worker')
         and (n.nspname <> 'public' or not exists (
           select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and a.attnotnull and a.atttypid = 'uuid'::regtype))`,
    )
    expect(strays).toEqual([])
    expect((await tenantTables()).length).toBeGreaterThan(30)
  })

  it('have no views or materialized views that would look around the wall', async () => {
    expect(
      await names(
        `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('v', 'm') and n.nspname in ('public', 'auth', 'meta')`,
      ),
    ).toEqual([])
  })

  it('have org_id first in every primary and unique key', async () => {
    // The two exceptions hold for a whole installation: organisations are told apart by slug and short number.
    const allowed = ['organisation.organisation_no', 'organisation.organisation_slug_key']
    expect(
      await names(
        `select c.relname || '.' || i.relname as name from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
         where c.relnamespace = 'public'::regnamespace and x.indisunique
           and coalesce((select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = x.indkey[0]), '') <> 'org_id'`,
      ),
    ).toEqual(allowed)
  })

  it('have a primary key each', async () => {
    expect(
      await names(
        `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           and not exists (select 1 from pg_index x where x.indrelid = c.oid and x.indisprimary)`,
      ),
    ).toEqual([])
  })

  it('have org_id first in every foreign key, pointing at org_id', async () => {
    expect(
      await names(
        `select k.conrelid::regclass || '.' || k.conname as name from pg_constraint k
         where k.contype = 'f' and k.connamespace = 'public'::regnamespace
           and ((select a.attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = k.conkey[1]) <> 'org_id'
             or (select a.attname from pg_attribute a where a.attrelid = k.confrelid and a.attnum = k.confkey[1]) <> 'org_id')`,
      ),
    ).toEqual([])
  })

  it('have no triggers of their own and no rules', async () => {
    expect(
      await names(
        `select t.tgrelid::regclass || '.' || t.tgname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace, 'meta'::regnamespace) and not t.tgisinternal
         union all
         select r.ev_class::regclass || '.' || r.rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class
         where c.relnamespace = 'public'::regnamespace`,
      ),
    ).toEqual([])
  })

  it('know no enumerated types: kinds are text', async () => {
    expect(
      await names(
        `select n.nspname || '.' || t.typname as name from pg_type t join pg_namespace n on n.oid = t.typnamespace
         where t.typtype = 'e' and n.nspname not in ('graphile_worker')`,
      ),
    ).toEqual([])
  })

  it('keep instants with their zone, and documents as jsonb', async () => {
    expect(
      await names(
        `select a.attrelid::regclass || '.' || a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
           and a.atttypid in ('timestamp'::regtype, 'date'::regtype, 'money'::regtype, 'json'::regtype)`,
      ),
    ).toEqual([])
  })
})

/** Tables of one person alone have a third, restrictive policy. */
const personal: Readonly<Record<string, string>> = {
  draft: 'own_person:*:false:redress_app:(staff_id = app_staff()):(staff_id = app_staff())',
  staff_preference: 'own_person:*:false:redress_app:(staff_id = app_staff()):(staff_id = app_staff())',
  // Whoever commits writes the news of others, and reads only their own.
  notice: 'own_person:r:false:redress_app:(staff_id = app_staff()):',
}

describe('the wall', () => {
  it('stands around every tenant table with exactly its two policies', async () => {
    const { rows } = await admin.query<{ table: string; policies: string[] | null; on: boolean; owner: string }>(
      `select c.relname as table, c.relrowsecurity as on, pg_get_userbyid(c.relowner) as owner,
         (select array_agg(p.polname || ':' || p.polcmd::text || ':' || p.polpermissive || ':' || array_to_string(array(select r.rolname from pg_roles r where r.oid = any (p.polroles)), '+')
            || ':' || pg_get_expr(p.polqual, p.polrelid) || ':' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') order by p.polname)
          from pg_policy p where p.polrelid = c.oid) as policies
       from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
    )
    for (const row of rows) {
      expect(row.on, row.table).toBe(true)
      expect(['redress_app', 'redress_system'], row.table).not.toContain(row.owner)
      expect(row.policies, row.table).toEqual([
        'own_organisation:*:true:redress_app:(org_id = app_org()):(org_id = app_org())',
        ...(row.table in personal ? [personal[row.table]] : []),
        'whole_installation:*:true:redress_system:true:true',
      ])
    }
  })

  it('binds both roles: no superuser, no BYPASSRLS, no login', async () => {
    const { rows } = await admin.query(
      `select rolname, rolsuper or rolbypassrls or rolcanlogin or rolcreaterole or rolcreatedb as loose from pg_roles where rolname like 'redress_%' order by 1`,
    )
    expect(rows).toEqual([
      { rolname: 'redress_app', loose: false },
      { rolname: 'redress_system', loose: false },
    ])
  })

  const denied: [string, string[]][] = [
    ['complaint_event', ['UPDATE', 'DELETE', 'TRUNCATE']],
    ['checkpoint', ['UPDATE', 'DELETE', 'TRUNCATE']],
    ['access_log', ['UPDATE', 'DELETE', 'TRUNCATE']],
    ['search_row', ['SELECT', 'TRUNCATE']],
  ]
  it.each(denied)('keeps the app role from %s: %j', async (table, privileges) => {
    for (const privilege of privileges) {
      const { rows } = await admin.query<{ may: boolean }>(
        `select has_table_privilege('redress_app', $1, $2) or ($2 in ('SELECT', 'UPDATE') and has_any_column_privilege('redress_app', $1, $2)) as may`,
        [`public.${table}`, privilege],
      )
      expect(rows[0]?.may, privilege).toBe(false)
    }
  })

  it('lets no role truncate, trigger or own anything, and the public nothing at all', async () => {
    expect(
      await names(
        `select c.relname || ':' || coalesce(r.rolname, 'public') || ':' || x.privilege_type as name
         from pg_class c cross join lateral aclexplode(c.relacl) x left join pg_roles r on r.oid = x.grantee
         where c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace, 'meta'::regnamespace) and c.relkind in ('r', 'p')
           and (x.grantee = 0 or (r.rolname like 'redress_%' and x.privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES', 'MAINTAIN')))`,
      ),
    ).toEqual([])
    expect(
      await names(
        `select nspname as name from pg_namespace where nspname in ('public', 'auth', 'meta')
           and (has_schema_privilege('redress_app', oid, 'CREATE') or has_schema_privilege('redress_system', oid, 'CREATE'))`,
      ),
    ).toEqual([])
  })

  it('leaves the accounts to functions: no role of ours reads a table of auth', async () => {
    expect(
      await names(
        `select c.relname || ':' || p as name from pg_class c, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
         where c.relnamespace = 'auth'::regnamespace and c.relkind in ('r', 'p') and has_table_privilege('redress_app', c.oid, p)`,
      ),
    ).toEqual([])
  })
})

describe('the doors through the wall', () => {
  // SECURITY DEFINER runs as the owner, whom no policy binds: each door is named here, or this test fails.
  const doors = [
    'auth.account',
    'auth.begin_try',
    'auth.begin_two_factor',
    'auth.close_challenge',
    'auth.close_session',
    'auth.close_session_by_token',
    'auth.close_sessions',
    'auth.confirm_two_factor',
    'auth.create_user',
    'auth.credential',
    'auth.drop_two_factor',
    'auth.forget_try',
    'auth.is_ours',
    'auth.next_organisation_no',
    'auth.open_challenge',
    'auth.open_session',
    'auth.session_by_token',
    'auth.sessions_of',
    'auth.set_mail',
    'auth.set_password',
    'auth.touch_session',
    'auth.try_challenge',
    'auth.two_factor_of',
    'auth.undo_try',
    'auth.use_recovery_code',
    'auth.use_totp_step',
    'public.api_key_by_hash',
    'public.claim_mailbox_address',
    'public.enqueue_job',
    'public.forget_head',
    'public.former_mailbox_addresses',
    'public.fresh_statistics',
    'public.job_measures',
    'public.mailboxes_at',
    'public.organisation_by_slug',
    'public.organisations_public',
    'public.search_complaints',
    'public.staff_by_user',
  ]
  const ours = `n.nspname not in ('pg_catalog', 'information_schema', 'graphile_worker')`

  it('are exactly these', async () => {
    expect(
      await names(
        `select distinct n.nspname || '.' || p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and ${ours}`,
      ),
    ).toEqual(doors)
  })

  it('have a fixed search_path ending in pg_temp, and are closed to the public', async () => {
    const { rows } = await admin.query<{ name: string; path: string | null; open: boolean }>(
      `select n.nspname || '.' || p.proname as name, (select s from unnest(p.proconfig) s where s like 'search_path=%') as path,
         p.proacl is null or exists (select 1 from aclexplode(p.proacl) x where x.grantee = 0) as open
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and ${ours}`,
    )
    for (const row of rows) {
      expect(row.path, row.name).toMatch(/^search_path=.*pg_temp$/)
      expect(row.open, row.name).toBe(false)
    }
  })
})

describe('an organisation', () => {
  // Rows of search_row cannot be read at all; it is held by the denied list above.
  const readable = async () => (await tenantTables()).filter((t) => t !== 'search_row')
  const orgOf = (house: 'home' | 'neighbour') => ({ org: world[house].org, scope: 'organisation' as const })

  it('sees no row of any table without a scope', async () => {
    for (const table of await readable()) {
      const row = await world.app.db.withoutScope((tx) =>
        tx.first<{ n: number }>(sql`select count(*)::int as n from ${sql.table(table)}`),
      )
      expect(row?.n, table).toBe(0)
    }
  })

  it('sees only its own rows, though both have rows', async () => {
    let seen = 0
    for (const table of await readable()) {
      const row = await world.app.db.withScope(orgOf('home'), (tx) =>
        tx.first<{ mine: number; others: number }>(
          sql`select count(*) filter (where org_id = ${world.home.org})::int as mine, count(*) filter (where org_id <> ${world.home.org})::int as others from ${sql.table(table)}`,
        ),
      )
      expect(row?.others, table).toBe(0)
      if ((row?.mine ?? 0) > 0) seen += 1
    }
    expect(seen).toBeGreaterThan(15)
  })

  it("cannot change, remove, add or take over another's rows", async () => {
    for (const table of await tenantTables()) {
      const { rows } = await admin.query<{ row: object }>(
        `select to_jsonb(t) as row from public."${table}" t where org_id = $1 limit 1`,
        [world.neighbour.org],
      )
      const attempt = (statement: ReturnType<typeof sql>) =>
        world.app.db
          .withScope(orgOf('home'), (tx) => tx.run(statement))
          .catch((e: { code?: string }) => `refused ${e.code}`)
      const theirs = sql`org_id = ${world.neighbour.org}`
      const untouched = expect.toBeOneOf([0, 'refused 42501'])
      expect(
        await attempt(sql`update ${sql.table(table)} set org_id = org_id where ${theirs}`),
        `update ${table}`,
      ).toEqual(untouched)
      expect(await attempt(sql`delete from ${sql.table(table)} where ${theirs}`), `delete ${table}`).toEqual(untouched)
      expect(
        await attempt(
          sql`update ${sql.table(table)} set org_id = ${world.neighbour.org} where org_id = ${world.home.org}`,
        ),
        `give away ${table}`,
      ).toEqual(untouched)
      if (!rows[0]) continue
      const added = await attempt(
        sql`insert into ${sql.table(table)} overriding system value select * from jsonb_populate_record(null::${sql.table(`public.${table}`)}, ${JSON.stringify(rows[0].row)}::jsonb)`,
      )
      expect(added, `insert into ${table}`).toBe('refused 42501')
    }
  })
})
