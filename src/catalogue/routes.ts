import { sql } from 'kysely'
import type { z } from 'zod'
import type { App } from '../app.ts'
import { channels } from '../channels/index.ts'
import { catalogue } from '../complaints/contract.ts'
import { isoWorkflow } from '../complaints/domain/index.ts'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import { on } from '../kit/http/serve.ts'
import { readingsOf } from '../language/index.ts'
import { readCalendars } from './calendars.ts'
import { add, change, remove } from './commands.ts'
import { addSetting, changeSetting, listCalendars, listSettings, removeSetting } from './contract.ts'
import { readList } from './lists.ts'

type Catalogue = z.input<typeof catalogue.reply>

/** What menus show, in one request (nothing of any complaint), and the settings they come from. */
export function catalogueRoutes(app: App): void {
  const { binding } = app
  on(binding, listSettings, 'settings.read').answer(async ({ tx, actor, query }) => ({
    items: await readList(tx, actor.org.id, query.list),
  }))
  on(binding, addSetting, 'settings.write').answer((c) => add(c, c.body))
  on(binding, changeSetting, 'settings.write').answer((c) => change(c, c.body))
  on(binding, removeSetting, 'settings.write').answer(async (c) => {
    await remove(c, c.body)
    return {}
  })
  on(binding, listCalendars, 'settings.read').answer(({ tx, actor, now }) =>
    readCalendars(tx, actor.org.id, actor.zone, now),
  )
  on(binding, catalogue, 'catalogue.read').answer(({ tx, actor }) => readCatalogue(tx, actor.org.id))
}

async function readCatalogue(tx: Tx, org: string): Promise<Catalogue> {
  const codes = await tx.rows<{ list: string } & Catalogue['codes'][string][number]>(
    sql`select list, code, parent, labels, facts from code where org_id = ${org} and retired_at is null order by list, position, code`,
  )
  const lists: Catalogue['codes'] = {}
  for (const { list, ...code } of codes)
    (lists[list] ??= []).push(list === 'issue' ? { ...code, keys: soundsOf(code.labels) } : code)
  return {
    codes: lists,
    products: (
      await tx.rows<Catalogue['products'][number]>(
        sql`select id, code, name, kind from product where org_id = ${org} and retired_at is null order by position, code`,
      )
    ).map(withSounds),
    places: (
      await tx.rows<Catalogue['places'][number]>(
        sql`select id, code, name, jurisdiction, zone from place where org_id = ${org} and retired_at is null order by position, code`,
      )
    ).map(withSounds),
    archived: await archivedOf(tx, org),
    teams: await tx.rows(sql`select id, key, name from team where org_id = ${org} and retired_at is null order by key`),
    staff: await tx.rows(sql`select s.id, s.name,
        coalesce((select jsonb_agg(m.team_id) from team_member m where m.org_id = s.org_id and m.staff_id = s.id), '[]') as "teamIds",
        exists (select 1 from staff_role r where r.org_id = s.org_id and r.staff_id = s.id and r.role in ('handler', 'specialist', 'team_lead', 'stage2_reviewer')) as owns
      from staff s where s.org_id = ${org} and s.active order by s.name`),
    states: isoWorkflow.states.map((s) => ({ ...s })),
    channels: channels.filter((c) => c.staffEntry).map(({ kind, labels }) => ({ kind, labels })),
  }
}

async function archivedOf(tx: Tx, org: string): Promise<Catalogue['archived']> {
  const named = (table: string) =>
    tx.rows<Catalogue['archived']['places'][number]>(
      sql`select id, name from ${sql.table(table)} where org_id = ${org} and retired_at is not null order by id`,
    )
  const [codes, products, places, teams] = await Promise.all([
    tx.rows<Catalogue['archived']['codes'][number]>(
      sql`select list, code, labels from code where org_id = ${org} and retired_at is not null order by list, code`,
    ),
    named('product'),
    named('place'),
    named('team'),
  ])
  return { codes, products, places, teams }
}

const soundsOf = ({ zhHant, zhHans }: Labels): string[] => [...new Set([...readingsOf(zhHant), ...readingsOf(zhHans)])]

const withSounds = <T extends { readonly name: Labels }>(row: T) => ({ ...row, keys: soundsOf(row.name) })
