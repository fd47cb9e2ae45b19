-- Roles, scope and the organisation's people. Every tenant table has org_id first in every key (the door to Citus stays
-- open) and row-level security as the second wall; the first wall is org_id = $1 in every statement.

create schema if not exists auth;
create schema if not exists meta;

-- Roles are cluster-wide while databases are many: creating them twice, or at the same moment, must be harmless.
do $$ begin
  begin create role redress_app nologin; exception when duplicate_object or unique_violation then null; end;
  begin create role redress_system nologin; exception when duplicate_object or unique_violation then null; end;
  execute format('grant redress_app, redress_system to %I', current_user);
exception when unique_violation or sqlstate 'XX000' then null;
end $$;

grant usage on schema public, auth, meta to redress_app, redress_system;

create table meta.setting (
  key text primary key,
  value jsonb not null
);

-- The organisation of the running transaction; null (which matches nothing) outside a scope.
create function app_org() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('app.org', true), '')::uuid $$;

-- Gives a tenant table its wall. redress_system is for whole-installation work: verify, backup, checkpoints.
create function meta.tenant_wall(tbl regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', tbl);
  execute format('create policy own_organisation on %s to redress_app using (org_id = app_org()) with check (org_id = app_org())', tbl);
  execute format('create policy whole_installation on %s to redress_system using (true) with check (true)', tbl);
  execute format('grant select, insert, update, delete on %s to redress_app, redress_system', tbl);
end $$;

create table organisation (
  org_id uuid primary key,
  no int not null,                      -- short number, prefixes search lexemes so that organisations never share a posting list
  slug text not null unique,
  name jsonb not null,                  -- {zhHant, zhHans, en}
  term_set text not null default 'retail',
  locale text not null default 'zh-Hant',
  zone text not null default 'Asia/Taipei',
  settings jsonb not null default '{}',
  demo boolean not null default false,
  created_at timestamptz not null
);
create unique index organisation_no on organisation (no);
select meta.tenant_wall('organisation');

create table team (
  org_id uuid not null references organisation,
  id uuid not null,
  key text not null,
  name jsonb not null,
  place_ids uuid[] not null default '{}',
  calendar_key text not null default 'tw-office',
  is_default boolean not null default false,
  retired_at timestamptz,
  primary key (org_id, id),
  unique (org_id, key)
);
select meta.tenant_wall('team');

create table staff (
  org_id uuid not null references organisation,
  id uuid not null,
  user_id text,                         -- auth."user".id; null for integrations
  name text not null,
  mail text not null,
  locale text not null default 'zh-Hant',
  zone text not null default 'Asia/Taipei',
  manager_id uuid,
  active boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, mail),
  foreign key (org_id, manager_id) references staff (org_id, id)
);
create unique index staff_user on staff (org_id, user_id);
select meta.tenant_wall('staff');

create table staff_role (
  org_id uuid not null,
  staff_id uuid not null,
  role text not null,
  primary key (org_id, staff_id, role),
  foreign key (org_id, staff_id) references staff (org_id, id) on delete cascade
);
select meta.tenant_wall('staff_role');

create table team_member (
  org_id uuid not null,
  team_id uuid not null,
  staff_id uuid not null,
  primary key (org_id, team_id, staff_id),
  foreign key (org_id, team_id) references team (org_id, id) on delete cascade,
  foreign key (org_id, staff_id) references staff (org_id, id) on delete cascade
);
create index team_member_staff on team_member (org_id, staff_id);
select meta.tenant_wall('team_member');

-- Which complaints a role sees: 'organisation', 'team' or 'tasks'. A missing row means the shipped default.
create table role_scope (
  org_id uuid not null references organisation,
  role text not null,
  scope text not null,
  primary key (org_id, role)
);
select meta.tenant_wall('role_scope');

create table api_key (
  org_id uuid not null references organisation,
  id uuid not null,
  name text not null,
  prefix text not null,                 -- the first characters, shown in lists so that a key can be told from another
  hash bytea not null,                  -- sha256 of the whole key, which is shown once
  permissions text[] not null,
  staff_id uuid not null,               -- acts as this integration account
  created_by uuid,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (org_id, id),
  unique (org_id, hash),
  foreign key (org_id, staff_id) references staff (org_id, id)
);
create index api_key_hash on api_key (hash);
select meta.tenant_wall('api_key');

create table place (
  org_id uuid not null references organisation,
  id uuid not null,
  code text not null,
  name jsonb not null,
  jurisdiction text not null default 'TW',
  zone text not null default 'Asia/Taipei',
  calendar_key text not null default 'tw-office',
  team_id uuid,
  retired_at timestamptz,
  primary key (org_id, id),
  unique (org_id, code),
  foreign key (org_id, team_id) references team (org_id, id)
);
select meta.tenant_wall('place');

create table product (
  org_id uuid not null references organisation,
  id uuid not null,
  code text not null,
  name jsonb not null,
  kind text not null default 'product',
  retired_at timestamptz,
  primary key (org_id, id),
  unique (org_id, code)
);
select meta.tenant_wall('product');

-- The type tree and its sisters (issue, root_cause, outcome, remedy, risk_flag, closure_reason): codes are retired, never removed.
create table code (
  org_id uuid not null references organisation,
  list text not null,
  code text not null,
  parent text,
  labels jsonb not null,
  facts jsonb not null default '{}',
  position int not null default 0,
  retired_at timestamptz,
  primary key (org_id, list, code)
);
select meta.tenant_wall('code');

create table calendar (
  org_id uuid not null references organisation,
  key text not null,
  version int not null,
  definition jsonb not null,
  created_at timestamptz not null,
  primary key (org_id, key, version)
);
select meta.tenant_wall('calendar');

create table customer (
  org_id uuid not null references organisation,
  id uuid not null,
  name text not null,
  locale text not null default 'zh-Hant',
  tier text,
  merged_into uuid,
  version int not null default 1,
  created_at timestamptz not null,
  primary key (org_id, id)
);
select meta.tenant_wall('customer');

create table customer_identity (
  org_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  kind text not null,                   -- mail, phone, line, wechat, member_no …
  value text not null,                  -- as given
  norm text not null,                   -- normal form, compared
  verified_at timestamptz,
  created_at timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, customer_id) references customer (org_id, id)
);
create index customer_identity_norm on customer_identity (org_id, kind, norm);
create index customer_identity_customer on customer_identity (org_id, customer_id);
select meta.tenant_wall('customer_identity');

-- Parts of identities that people search by (the last digits of a number): rows with a btree key, because row-level
-- security hides array and text-search operators from the index.
create table identity_key (
  org_id uuid not null,
  key text not null,
  customer_id uuid not null,
  primary key (org_id, key, customer_id),
  foreign key (org_id, customer_id) references customer (org_id, id) on delete cascade
);
select meta.tenant_wall('identity_key');
