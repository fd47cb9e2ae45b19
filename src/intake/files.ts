import { sql } from 'kysely'
import type { App } from '../app.ts'
import { isUuid } from '../kit/pure/uuid.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'

export type FileRow = { name: string; media_type: string; size: number; sha256: string }

/** A file this reader may have: one of a complaint they see, or their own upload that belongs to none yet. */
export function fileRow(app: Pick<App, 'db'>, actor: StaffActor, id: string): Promise<FileRow | undefined> {
  if (!isUuid(id)) return Promise.resolve(undefined)
  return app.db.withScope(
    actor.scope,
    (tx) =>
      tx.first<FileRow>(sql`select a.name, a.media_type, a.size, encode(a.sha256, 'hex') as sha256 from attachment a
        where a.org_id = ${actor.org.id} and a.id = ${id} and ((a.complaint_id is null and a.uploader = ${actor.caller})
          or exists (select 1 from complaint c where c.org_id = a.org_id and c.id = a.complaint_id and ${sql.raw(visibleSql('c'))}))`),
    'read',
  )
}
