-- Who acts in the running transaction: set by withScope, read by the visibility predicate. All null or empty outside.
create function app_staff() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('app.staff', true), '')::uuid $$;
create function app_teams() returns uuid[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('app.teams', true), ''), '{}')::uuid[] $$;
create function app_scope() returns text language sql stable parallel safe as
$$ select coalesce(current_setting('app.scope', true), '') $$;
-- The actor and everyone they report to, upwards: being any complaint's subject there hides it.
create function app_chain() returns uuid[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('app.chain', true), ''), '{}')::uuid[] $$;

-- SECURITY DEFINER functions: the closed list of doors through row-level security (test/sweeps/definers.test.ts).

create function organisation_by_slug(p_slug text)
returns table (org_id uuid, slug text, name jsonb, term_set text, locale text, zone text, no int)
language sql stable security definer set search_path = public, pg_temp as
$$ select org_id, slug, name, term_set, locale, zone, no from organisation where slug = p_slug $$;

create function organisations_public()
returns table (org_id uuid, slug text, name jsonb, locale text)
language sql stable security definer set search_path = public, pg_temp as
$$ select org_id, slug, name, locale from organisation order by no limit 200 $$;

-- Everything a request needs to know of its actor, in one query. Null when the account is no active staff member.
create function staff_by_user(p_user text)
returns table (org_id uuid, org_slug text, org_no int, staff_id uuid, name text, mail text, locale text, zone text, roles text[], teams uuid[], chain uuid[], scopes jsonb)
language sql stable security definer set search_path = public, pg_temp as
$$
  select s.org_id, o.slug, o.no, s.id, s.name, s.mail, s.locale, s.zone,
    coalesce((select array_agg(r.role order by r.role) from staff_role r where r.org_id = s.org_id and r.staff_id = s.id), '{}'),
    coalesce((select array_agg(m.team_id) from team_member m where m.org_id = s.org_id and m.staff_id = s.id), '{}'),
    (with recursive up as (
       select s.id, s.manager_id, 0 as depth
       union all
       select b.id, b.manager_id, up.depth + 1 from staff b join up on b.org_id = s.org_id and b.id = up.manager_id where up.depth < 20
     ) select array_agg(distinct up.id) from up),
    coalesce((select jsonb_object_agg(x.role, x.scope) from role_scope x where x.org_id = s.org_id), '{}')
  from staff s join organisation o on o.org_id = s.org_id
  where s.user_id = p_user and s.active
$$;

create function api_key_by_hash(p_hash bytea)
returns table (org_id uuid, org_slug text, org_no int, key_id uuid, staff_id uuid, name text, permissions text[], scopes jsonb)
language sql stable security definer set search_path = public, pg_temp as
$$
  select k.org_id, o.slug, o.no, k.id, k.staff_id, k.name, k.permissions,
    coalesce((select jsonb_object_agg(x.role, x.scope) from role_scope x where x.org_id = k.org_id), '{}')
  from api_key k join organisation o on o.org_id = k.org_id join staff s on s.org_id = k.org_id and s.id = k.staff_id
  where k.hash = p_hash and k.revoked_at is null and s.active
$$;

create function enqueue_job(p_task text, p_payload json, p_key text default null, p_run_at timestamptz default null)
returns void language plpgsql security definer set search_path = public, pg_temp as
$$ begin
  perform graphile_worker.add_job(p_task, p_payload, job_key => p_key, run_at => p_run_at, max_attempts => 25);
end $$;

revoke all on function organisation_by_slug, organisations_public, staff_by_user, api_key_by_hash, enqueue_job from public;
grant execute on function organisation_by_slug, organisations_public, staff_by_user, api_key_by_hash, enqueue_job to redress_app, redress_system;
grant select on meta.setting to redress_app;
grant select, insert, update on meta.setting to redress_system;

-- The app role may not read search_row, and deleting by a column needs that; so forgetting a head is a door of its own.
create function forget_head(p_org uuid, p_complaint uuid) returns void
language sql security definer set search_path = public, pg_temp as
$$ delete from search_row where org_id = p_org and org_id = app_org() and complaint_id = p_complaint and message_id is null $$;
revoke all on function forget_head from public;
grant execute on function forget_head to redress_app;
