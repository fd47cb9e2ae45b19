import { sql } from 'kysely'

/** What a point (alias `p`) says now: the last words it was corrected to, else those it came with. */
export const pointText = sql<string>`coalesce((select w.text from complaint_words w where w.org_id = p.org_id and w.complaint_id = p.complaint_id
    and w.kind = 'point' and w.point_id = p.id order by w.id desc limit 1), p.text)`

/** The words it says now with the salt of their proof, for a lateral join beside a point `p`. */
export const wordsOfPoint = sql`(select w.text, w.salt from (
    select c.text, c.salt, c.id::text as rank from complaint_words c where c.org_id = p.org_id and c.complaint_id = p.complaint_id and c.kind = 'point' and c.point_id = p.id
    union all select p.text, p.salt, '') w order by w.rank desc limit 1)`
