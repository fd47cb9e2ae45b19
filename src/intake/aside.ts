import { type RawBuilder, sql } from 'kysely'
import { visibleSql } from '../people/index.ts'

/**
 * Whether the reader may see an item that was set aside (`i`, a row of inbound_item): not where it repeats or belongs to a
 * complaint, or to one that was merged into one, that they may not see. Copies that were set aside before anybody noted of what
 * are nobody's.
 */
export const asideVisibleSql: RawBuilder<boolean> = sql.raw(`not exists (
  select from inbound_mail am where am.org_id = i.org_id and am.item_id = i.id and (
    (am.about is null and i.reason in ('mail.here-already', 'mail.own'))
    or exists (select from unnest(am.about) as a (id) left join complaint c on c.org_id = am.org_id and c.id = a.id
      left join complaint s on s.org_id = c.org_id and s.id = c.merged_into
      where c.id is null or not ${visibleSql('c')} or (s.id is not null and not ${visibleSql('s')}))))`)
