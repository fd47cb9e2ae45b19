-- Default routing: place × type → team, either of them "any" (null). The most specific line wins; which that is, one pure
-- function says (src/routing/domain/winner.ts). A place's own team was the line "this place, any type": it becomes one.
create table routing_line (
  org_id uuid not null references organisation,
  id uuid not null,
  place_id uuid,
  type_code text,
  team_id uuid not null,
  version int not null default 1,
  created_at timestamptz not null,
  primary key (org_id, id),
  unique nulls not distinct (org_id, place_id, type_code),
  foreign key (org_id, place_id) references place (org_id, id),
  foreign key (org_id, team_id) references team (org_id, id),
  check (place_id is not null or type_code is not null)
);
select meta.tenant_wall('routing_line');

insert into routing_line (org_id, id, place_id, team_id, created_at)
  select p.org_id, gen_random_uuid(), p.id, p.team_id, o.created_at
  from place p join organisation o on o.org_id = p.org_id where p.team_id is not null;
alter table place drop column team_id;

-- by_hand: it waits in the queue until somebody takes or gives it. fewest_open: given at once to who has the fewest open ones.
alter table team add column assignment text not null default 'by_hand';

-- Whose turn was last: breaks ties between people with as many open ones. Rises; the one with the lowest is next.
create table assignment_turn (
  org_id uuid not null,
  staff_id uuid not null,
  turn bigint not null,
  primary key (org_id, staff_id),
  foreign key (org_id, staff_id) references staff (org_id, id) on delete cascade
);
select meta.tenant_wall('assignment_turn');

-- What settings edit: places in a tree, everything in an order of its own, a version that tells a stale write.
alter table place add column parent_id uuid, add column position int not null default 0, add column version int not null default 1,
  add foreign key (org_id, parent_id) references place (org_id, id);
alter table product add column position int not null default 0, add column version int not null default 1;
alter table code add column version int not null default 1;

-- Who changed which setting, from what to what. Nothing in it is about a complaint or a complainant.
create table settings_change (
  org_id uuid not null references organisation,
  id uuid not null,
  at timestamptz not null,
  staff_id uuid,
  list text not null,                   -- products, places, issue …, routing, teams
  item text not null,
  what text not null,                   -- added, changed, archived, revived, moved, removed
  before jsonb,
  after jsonb,
  primary key (org_id, id)
);
create index settings_change_item on settings_change (org_id, list, item, id desc);
select meta.tenant_wall('settings_change');
revoke update, delete on settings_change from redress_app;
