-- News for one person: that it is there, never what it says. The words are read with the complaint, by who may see it then.
-- A restrictive policy on reading: whoever commits writes the news of others, and reads only their own.
create table notice (
  org_id uuid not null,
  staff_id uuid not null,
  complaint_id uuid not null,
  kind text not null,                   -- assigned, mentioned, customer_wrote, due_soon …
  ref text not null,                    -- what it tells of, an event's number or a clock and its date: told once, however often noticed
  at timestamptz not null,
  by_staff uuid,                        -- whose doing it was; null: the complainant's, or time's
  read_at timestamptz,
  primary key (org_id, staff_id, complaint_id, kind, ref),
  foreign key (org_id, staff_id) references staff (org_id, id) on delete cascade,
  foreign key (org_id, complaint_id) references complaint (org_id, id) on delete cascade
);
create index notice_newest on notice (org_id, staff_id, at desc);
create index notice_age on notice (org_id, at);
select meta.tenant_wall('notice');
create policy own_person on notice as restrictive for select to redress_app using (staff_id = app_staff());

-- Whom a step is news for: their browsers are told with the row of the complaint, in the order of the stream.
alter table stream add column noticed uuid[];

-- How somebody likes the desk: colours, keys, quiet hours. Theirs alone.
create table staff_preference (
  org_id uuid not null,
  staff_id uuid not null,
  value jsonb not null,
  updated_at timestamptz not null,
  primary key (org_id, staff_id),
  foreign key (org_id, staff_id) references staff (org_id, id) on delete cascade
);
select meta.tenant_wall('staff_preference');
create policy own_person on staff_preference as restrictive to redress_app using (staff_id = app_staff()) with check (staff_id = app_staff());
