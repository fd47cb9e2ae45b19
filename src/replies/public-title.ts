import { type RawBuilder, sql } from 'kysely'

/**
 * What a complaint is called to its complainant: its title as it came in. What staff call it since is theirs, and may say what
 * is not for outside; then it is called by how the complainant began. For a statement with `c` (complaint) and `t` (its text).
 */
export const publicTitle: RawBuilder<string> = sql`case when exists (select from complaint_words w where w.org_id = c.org_id and w.complaint_id = c.id and w.kind = 'title')
    then coalesce((select left(split_part(btrim(m.body), E'\n', 1), 60) from message m
      where m.org_id = c.org_id and m.complaint_id = c.id and m.direction = 'in' and m.visibility = 'public' order by m.at, m.id limit 1), '')
    else coalesce(t.title, '') end`
