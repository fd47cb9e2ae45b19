import { visibleSql } from '../people/visibility.ts'

/**
 * The one door to search_row. Row-level security would hide the GIN index from `@@` (not leakproof), so the function
 * runs as the table's owner and filters by organisation and visibility inside, before LIMIT.
 *
 * Newest first walks growing windows of weeks, each a lexeme of its own: a frequent word stops in the first window
 * instead of sorting every row that has it, a rare one falls through to all rows cheaply.
 * The ranked order ranks the newest 500 matching rows the reader may see. A complaint comes once, at its newest row that is found: a later
 * page leaves out those whose newer row an earlier page has shown.
 */
export const searchFunction = {
  name: 'search_complaints',
  sql: `
create or replace function search_complaints(
  p_query text, p_limit int, p_ranked boolean, p_internal boolean, p_before timestamptz, p_before_id uuid, p_filter jsonb)
returns table (complaint_id uuid, at timestamptz, message_id uuid, rank real)
language plpgsql stable security definer set search_path = public, pg_temp as $fn$
declare
  v_org uuid := app_org();
  v_no text;
  v_query tsquery;
  v_window tsquery;
  v_week int;
  v_span int;
  v_want int := case when p_ranked then 500 else p_limit end;
  v_found int;
begin
  if v_org is null or p_query is null then return; end if;
  select '#o' || no into v_no from organisation where organisation.org_id = v_org;
  v_query := p_query::tsquery;
  v_week := floor(extract(epoch from least(coalesce(p_before, now()), now())) / 604800);
  foreach v_span in array array[1, 6, 26, 0] loop
    if v_span = 0 then
      v_window := quote_literal(v_no)::tsquery;
    else
      select string_agg(quote_literal(v_no || 'w' || (v_week - i)), ' | ')::tsquery into v_window from generate_series(-1, v_span) i;
    end if;
    return query execute $q$
      with hit as materialized (
        select s.id, s.complaint_id, s.at, s.message_id
        from search_row s join complaint c on c.org_id = s.org_id and c.id = s.complaint_id
        where s.org_id = $1 and s.tsv @@ ($2 && $3)
          and ($7 or s.visibility = 'public')
          and ($8 is null or ((s.at, s.complaint_id) < ($8, $9) and not exists (
            select 1 from search_row n where n.org_id = s.org_id and n.complaint_id = s.complaint_id and n.tsv @@ $2
              and ($7 or n.visibility = 'public') and (n.at, n.complaint_id) >= ($8, $9))))
          and ($4->>'open' is null or c.open = ($4->>'open')::boolean)
          and ($4->>'state' is null or c.state = $4->>'state')
          and ($4->>'teamId' is null or c.team_id = ($4->>'teamId')::uuid)
          and ($4->>'ownerId' is null or c.owner_id = ($4->>'ownerId')::uuid)
          and ($4->>'type' is null or c.type_code = $4->>'type')
          and ($4->>'channel' is null or c.channel = $4->>'channel')
          and ${visibleSql('c')}
        order by s.at desc, s.complaint_id desc
        limit case when $6 then $5 end
      ), weighed as (
        select h.complaint_id, h.at, h.message_id,
          case when $6 then (select ts_rank(r.tsv, $2) from search_row r where r.org_id = $1 and r.id = h.id) else 0::real end as rank
        from hit h
      ), best as (
        select distinct on (w.complaint_id) w.complaint_id, w.at, w.message_id, w.rank
        from weighed w order by w.complaint_id, w.rank desc, w.at desc
      )
      select b.complaint_id, b.at, b.message_id, b.rank from best b
      where $10 = 0 or (select count(*) from hit where $6) >= $5 or (select count(*) from best where not $6) >= $5
      order by case when $6 then b.rank end desc nulls last, b.at desc, b.complaint_id desc
      limit case when $6 then $11 else $5 end $q$
    using v_org, v_query, v_window, p_filter, v_want, p_ranked, p_internal, p_before, p_before_id, v_span, p_limit;
    get diagnostics v_found = row_count;
    if v_found > 0 then return; end if;
  end loop;
end $fn$;
revoke all on function search_complaints from public;
grant execute on function search_complaints to redress_app;
`,
}
