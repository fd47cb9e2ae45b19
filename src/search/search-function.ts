import { visibleSql } from '../people/index.ts'

/** The predicate with the reader's scope read once instead of for every row. */
const visible = visibleSql('c')
  .replaceAll('app_scope()', 'v_scope')
  .replaceAll('app_teams()', 'v_teams')
  .replaceAll('app_staff()', 'v_staff')
  .replaceAll('app_chain()', 'v_chain')

/**
 * The one door to search_row. Row-level security would hide the GIN index from `@@` (not leakproof), so the function
 * runs as the table's owner and filters by organisation and visibility inside, before LIMIT.
 *
 * Newest first walks windows of weeks that do not overlap, each week a lexeme of its own: a frequent word stops in the
 * first window instead of sorting every row that has it; how far the next window reaches follows from what this one held.
 * The ranked order ranks the newest 500 matching rows the reader may see. A complaint comes once, at its newest row that
 * is found: a later page leaves out those whose newer row an earlier page has shown.
 *
 * Plans are made once a connection (planning took longer than running). That is safe for the rows found because nothing
 * but the GIN index is left to search_hits: a plan that cannot see how rare the words are would else choose another.
 */
export const searchFunction = {
  name: 'search_complaints',
  sql: `
create or replace function search_hits(p_org uuid, p_query tsquery, p_internal boolean, p_until timestamptz)
returns table (id uuid, complaint_id uuid, at timestamptz, message_id uuid)
language plpgsql stable set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_indexscan = off as $fn$
begin
  return query select s.id, s.complaint_id, s.at, s.message_id from search_row s
    where s.tsv @@ p_query and (s.org_id = p_org) is true and (p_internal or s.visibility = 'public') and s.at < p_until;
end $fn$;
revoke all on function search_hits from public;

create or replace function search_complaints(
  p_query text, p_limit int, p_ranked boolean, p_internal boolean, p_before timestamptz, p_before_id uuid, p_filter jsonb)
returns table (complaint_id uuid, at timestamptz, message_id uuid, rank real)
language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $fn$
#variable_conflict use_column
declare
  v_org uuid := app_org();
  v_scope text := app_scope();
  v_teams uuid[] := app_teams();
  v_staff uuid := app_staff();
  v_chain uuid[] := app_chain();
  v_open boolean := (p_filter->>'open')::boolean;
  v_state text := p_filter->>'state';
  v_team uuid := (p_filter->>'teamId')::uuid;
  v_owner uuid := (p_filter->>'ownerId')::uuid;
  v_type text := p_filter->>'type';
  v_channel text := p_filter->>'channel';
  v_no text;
  v_query tsquery;
  v_window tsquery;
  v_want int := case when p_ranked then 500 else p_limit end;
  -- The window is the weeks v_low to v_high, or everything up to v_high.
  v_high int;
  v_low int;
  v_oldest int;
  v_newest timestamptz;
  v_rest boolean := false;
  v_weeks int := 3;
  v_next int;
  v_held int;
  v_rows int := 0;
  v_found int := 0;
  r_row uuid[] := '{}';
  r_complaint uuid[] := '{}';
  r_at timestamptz[] := '{}';
  r_message uuid[] := '{}';
  w_row uuid[];
  w_complaint uuid[];
  w_at timestamptz[];
  w_message uuid[];
begin
  if v_org is null or p_query is null then return; end if;
  select '#o' || o.no into v_no from organisation o where o.org_id = v_org;
  v_query := p_query::tsquery;
  select floor(extract(epoch from c.received_at) / 604800) into v_oldest from complaint c
    where c.org_id = v_org order by c.received_at limit 1;
  if v_oldest is null then return; end if;
  -- A clock that was ahead for a while leaves complaints after today.
  select greatest(c.received_at, now()) into v_newest from complaint c
    where c.org_id = v_org order by c.received_at desc limit 1;
  v_high := floor(extract(epoch from least(coalesce(p_before, v_newest), v_newest)) / 604800) + 1;
  v_low := v_high - 2;
  loop
    v_window := case when v_rest then quote_literal(v_no)::tsquery
      else (select string_agg(quote_literal(v_no || 'w' || week), ' | ')::tsquery from generate_series(v_low, v_high) week) end;
    with hit as materialized (
      select h.id, h.complaint_id, h.at, h.message_id from search_hits(v_org, v_query && v_window, p_internal,
        case when v_rest then to_timestamp((v_high + 1) * 604800.0) else 'infinity' end) h
    ), row as (
      select h.*, row_number() over (partition by h.complaint_id order by h.at desc, h.id desc) as nth from hit h
    ), good as (
      select h.id, h.complaint_id, h.at, h.message_id
      from row h join complaint c on c.org_id = v_org and c.id = h.complaint_id
      where (p_ranked or (h.nth = 1 and h.complaint_id <> all (r_complaint)))
        and (p_before is null or ((h.at, h.complaint_id) < (p_before, p_before_id) and not exists (
          select 1 from search_row n where n.org_id = v_org and n.complaint_id = h.complaint_id and n.tsv @@ v_query
            and (p_internal or n.visibility = 'public') and (n.at, n.complaint_id) >= (p_before, p_before_id))))
        and (v_open is null or c.open = v_open)
        and (v_state is null or c.state = v_state)
        and (v_team is null or c.team_id = v_team)
        and (v_owner is null or c.owner_id = v_owner)
        and (v_type is null or c.type_code = v_type)
        and (v_channel is null or c.channel = v_channel)
        and ${visible}
    ), page as (
      select * from good g order by g.at desc, g.complaint_id desc limit v_want - v_found
    )
    select (select count(*) from hit), array_agg(p.id), array_agg(p.complaint_id), array_agg(p.at), array_agg(p.message_id)
      into v_held, w_row, w_complaint, w_at, w_message
      from (select * from page order by at desc, complaint_id desc) p;
    if w_row is not null then
      r_row := r_row || w_row;
      r_complaint := r_complaint || w_complaint;
      r_at := r_at || w_at;
      r_message := r_message || w_message;
    end if;
    v_found := cardinality(r_row);
    v_rows := v_rows + v_held;
    exit when v_rest or v_found >= v_want or v_low <= v_oldest;
    v_high := v_low - 1;
    -- Everything at once when that is at most two thousand rows; else as far as what was found so far makes likely.
    v_rest := v_rows::float8 / v_weeks * 208 < 2000;
    v_next := case when v_found > 0 then ceil(v_weeks * 1.3 * v_want / v_found) - v_weeks else v_weeks * 4 end;
    -- Every week more is a list more that each row found is looked up in.
    v_next := least(greatest(v_next, v_weeks), 13);
    v_low := v_high - v_next + 1;
    v_weeks := v_weeks + v_next;
  end loop;
  return query
    with found as (
      select f.* from unnest(r_row, r_complaint, r_at, r_message) as f(id, complaint_id, at, message_id)
    ), weighed as (
      select f.complaint_id, f.at, f.message_id,
        case when p_ranked then (select ts_rank(r.tsv, v_query) from search_row r where r.org_id = v_org and r.id = f.id) else 0::real end as rank
      from found f
    ), best as (
      select distinct on (w.complaint_id) w.complaint_id, w.at, w.message_id, w.rank
      from weighed w order by w.complaint_id, w.rank desc, w.at desc
    )
    select b.complaint_id, b.at, b.message_id, b.rank from best b
    order by case when p_ranked then b.rank end desc nulls last, b.at desc, b.complaint_id desc limit p_limit;
end $fn$;
revoke all on function search_complaints from public;
grant execute on function search_complaints to redress_app;
`,
}
