-- When people are away, by days of their own zone (text, because a day is no instant), and who stands in for them.
create table absence (
  org_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  from_day text collate "C" not null check (from_day ~ '^\d{4}-\d{2}-\d{2}$'),
  until_day text collate "C" not null check (until_day ~ '^\d{4}-\d{2}-\d{2}$'),
  stand_in_id uuid,
  created_at timestamptz not null,
  primary key (org_id, id),
  check (from_day <= until_day),
  foreign key (org_id, staff_id) references staff (org_id, id) on delete cascade,
  foreign key (org_id, stand_in_id) references staff (org_id, id)
);
create index absence_until on absence (org_id, until_day);
select meta.tenant_wall('absence');

-- What stands under a person's replies, in each language they write: {zhHant, zhHans, en}.
alter table staff add column signature jsonb not null default '{}';

-- A key that opens more than whoever made it may see works only when somebody who may has agreed
-- (docs/decisions/0016-keys-and-administrators.md). Keys of before stay as they were.
alter table api_key add column confirmed_at timestamptz;
alter table api_key add column confirmed_by uuid;
update api_key set confirmed_at = created_at;
create or replace function api_key_by_hash(p_hash bytea)
returns table (org_id uuid, org_slug text, org_no int, key_id uuid, staff_id uuid, name text, permissions text[], scopes jsonb)
language sql stable security definer set search_path = public, pg_temp as
$$
  select k.org_id, o.slug, o.no, k.id, k.staff_id, k.name, k.permissions,
    coalesce((select jsonb_object_agg(x.role, x.scope) from role_scope x where x.org_id = k.org_id), '{}')
  from api_key k join organisation o on o.org_id = k.org_id join staff s on s.org_id = k.org_id and s.id = k.staff_id
  where k.hash = p_hash and k.revoked_at is null and k.confirmed_at is not null and s.active
$$;
