import { visibleSql } from '../people/visibility.ts'

/**
 * The one door to search_row. Row-level security would hide the GIN index from `@@` (not leakproof), so the function
 * runs as the table's owner and filters by organisation and visibility inside, before LIMIT.
 *
 * Newest first walks growing windows of weeks, each a lexeme of its own: a frequent word stops in the first window
 * instead of sorting every row that has it, a rare one falls through to all rows cheaply. The ranked order ranks the
 * newest 500 matching rows that the reader may see.
 *
 * The statement is planned once a connection: it always starts at the GIN index, whatever the words are, and planning
 * it anew for each window took several times as long as running it. Reading all complaints to join them is never right.
 */
export const searchFunction = {
  name: 'search_complaints',
  sql: `
create or replace function search_complaints(
  p_query text, p_limit int, p_ranked boolean, p_internal boolean, p_before timestamptz, p_before_id uuid, p_filter jsonb)
returns table (complaint_id uuid, at timestamptz, message_id uuid, rank real)
language plpgsql stable security definer set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off as $fn$
#variable_conflict use_column
declare
  v_org uuid := app_org();
  v_no text;
  v_query tsquery;
  v_both tsquery;
  v_week int;
  v_span int;
  v_ranked int := 500;
  v_found int;
begin
  if v_org is null or p_query is null then return; end if;
  select 'o' || no into v_no from organisation where organisation.org_id = v_org;
  v_query := p_query::tsquery;
  v_week := floor(extract(epoch from least(coalesce(p_before, now()), now())) / 604800);
  foreach v_span in array array[1, 4, 16, 64, 0] loop
    if v_span = 0 then
      v_both := v_query && v_no::tsquery;
    else
      v_both := v_query && (select string_agg(v_no || 'w' || (v_week - i), ' | ')::tsquery from generate_series(-1, v_span) i);
    end if;
    return query
      with hit as materialized (
        select s.id, s.complaint_id, s.at, s.message_id
        from search_row s join complaint c on c.org_id = v_org and c.id = s.complaint_id
        where s.org_id = v_org and s.tsv @@ v_both
          and (p_internal or s.visibility = 'public')
          and (p_before is null or (s.at, s.complaint_id) < (p_before, p_before_id))
          and (p_filter->>'open' is null or c.open = (p_filter->>'open')::boolean)
          and (p_filter->>'state' is null or c.state = p_filter->>'state')
          and (p_filter->>'teamId' is null or c.team_id = (p_filter->>'teamId')::uuid)
          and (p_filter->>'ownerId' is null or c.owner_id = (p_filter->>'ownerId')::uuid)
          and (p_filter->>'type' is null or c.type_code = p_filter->>'type')
          and (p_filter->>'channel' is null or c.channel = p_filter->>'channel')
          and ${visibleSql('c')}
        order by s.at desc, s.complaint_id desc
        limit case when p_ranked then v_ranked when v_span = 0 then p_limit * 20 end
      ), weighed as (
        select h.complaint_id, h.at, h.message_id,
          case when p_ranked then (select ts_rank(s.tsv, v_query) from search_row s where s.org_id = v_org and s.id = h.id) else 0::real end as rank
        from hit h
      ), best as (
        select distinct on (w.complaint_id) w.complaint_id, w.at, w.message_id, w.rank
        from weighed w order by w.complaint_id, w.rank desc, w.at desc
      )
      select b.complaint_id, b.at, b.message_id, b.rank from best b
      where v_span = 0 or (p_ranked and (select count(*) from hit) >= v_ranked) or (not p_ranked and (select count(*) from best) >= p_limit)
      order by case when p_ranked then b.rank end desc nulls last, b.at desc, b.complaint_id desc
      limit p_limit;
    get diagnostics v_found = row_count;
    if v_found > 0 then return; end if;
  end loop;
end $fn$;
revoke all on function search_complaints from public;
grant execute on function search_complaints to redress_app;
`,
}
