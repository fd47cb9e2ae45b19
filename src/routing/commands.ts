import { sql } from 'kysely'
import type { z } from 'zod'
import { type Asked, lockList, noteChange } from '../catalogue/index.ts'
import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { addLine as added, changeLine as changed } from './contract.ts'
import type { Mode } from './lines.ts'

type Where = z.infer<typeof added.body & object>
type Row = Where & { readonly version: number }

/** Adds a line. Refuses one for the same place and type, and one for any place and any type (that is the default team). */
export async function addLine(asked: Asked, where: Where): Promise<{ id: string }> {
  const { tx, actor, now } = asked
  const org = actor.org.id
  await lockList(tx, org, 'routing')
  await assertWhere(asked, where, null)
  const id = newId(now)
  await tx.run(
    sql`insert into routing_line (org_id, id, place_id, type_code, team_id, created_at)
      values (${org}, ${id}, ${where.placeId}, ${where.typeCode}, ${where.teamId}, ${new Date(now)})`,
  )
  await noteChange(asked, { list: 'routing', item: id, what: 'added', before: null, after: where })
  return { id }
}

/** Changes a line as it was seen. */
export async function changeLine(
  asked: Asked,
  id: string,
  { version, ...where }: z.infer<typeof changed.body & object>,
): Promise<{ id: string }> {
  const { tx, actor } = asked
  const org = actor.org.id
  await lockList(tx, org, 'routing')
  const before = await lineOf(asked, id, version)
  await assertWhere(asked, where, id)
  await tx.run(
    sql`update routing_line set place_id = ${where.placeId}, type_code = ${where.typeCode}, team_id = ${where.teamId}, version = version + 1
      where org_id = ${org} and id = ${id}`,
  )
  await noteChange(asked, { list: 'routing', item: id, what: 'changed', before, after: where })
  return { id }
}

/** Takes a line out: what it sent goes by the next line, or to the default team. */
export async function removeLine(asked: Asked, id: string, version: number): Promise<void> {
  const { tx, actor } = asked
  await lockList(tx, actor.org.id, 'routing')
  const before = await lineOf(asked, id, version)
  await tx.run(sql`delete from routing_line where org_id = ${actor.org.id} and id = ${id}`)
  await noteChange(asked, { list: 'routing', item: id, what: 'removed', before, after: null })
}

/** How a team shares out from now on; what waits in its queue already stays there. */
export async function setMode(asked: Asked, id: string, mode: Mode): Promise<void> {
  const { tx, actor } = asked
  const org = actor.org.id
  const team = await tx.first<{ mode: Mode }>(
    sql`select assignment as mode from team where org_id = ${org} and id = ${id} for no key update`,
  )
  if (!team) throw new RefusalError({ code: 'people.no-such-team', status: 404 })
  if (team.mode === mode) return
  await tx.run(sql`update team set assignment = ${mode} where org_id = ${org} and id = ${id}`)
  await noteChange(asked, { list: 'teams', item: id, what: 'changed', before: team, after: { mode } })
}

async function lineOf({ tx, actor }: Asked, id: string, version: number): Promise<Where> {
  const row = await tx.first<Row>(
    sql`select place_id as "placeId", type_code as "typeCode", team_id as "teamId", version from routing_line where org_id = ${actor.org.id} and id = ${id}`,
  )
  if (!row) throw new RefusalError({ code: 'routing.no-such-line', status: 404 })
  const { version: is, ...where } = row
  if (is !== version) throw new RefusalError({ code: 'routing.stale', status: 409, facts: { version: is } })
  return where
}

async function assertWhere(
  { tx, actor }: Asked,
  { placeId, typeCode, teamId }: Where,
  self: string | null,
): Promise<void> {
  const org = actor.org.id
  if (placeId === null && typeCode === null) throw new RefusalError({ code: 'routing.any-any', status: 422 })
  const row = await tx.first<{ place: boolean; type: boolean; team: boolean; taken: boolean }>(
    sql`select ${placeId}::uuid is null or exists (select from place where org_id = ${org} and id = ${placeId}::uuid) as place,
      ${typeCode}::text is null or exists (select from code where org_id = ${org} and list = 'issue' and code = ${typeCode}) as type,
      exists (select from team where org_id = ${org} and id = ${teamId} and retired_at is null) as team,
      exists (select from routing_line where org_id = ${org} and place_id is not distinct from ${placeId}::uuid
        and type_code is not distinct from ${typeCode}::text and id is distinct from ${self}::uuid) as taken`,
  )
  const wrong = (['place', 'type', 'team'] as const).filter((k) => !row?.[k])
  if (wrong.length > 0)
    throw new RefusalError({ code: 'intake.unknown-reference', status: 422, facts: { fields: wrong } })
  if (row?.taken) throw new RefusalError({ code: 'routing.line-taken', status: 409 })
}
