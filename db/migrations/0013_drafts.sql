-- Unsent words, of one person alone. A third policy, restrictive, stands beside the wall of the organisation: whoever asks
-- with another person in scope, an administrator too, finds nothing here.
create table draft (
  org_id uuid not null,
  staff_id uuid not null,
  key text collate "C" not null,        -- what it is a draft of: complaint.<id>.reply, call.<id>
  value jsonb not null,
  version bigint not null,              -- rises with every save, over removals too: epoch ms, or one more than before
  writer text not null default '',      -- the window that saved it: its own saves do not stand in each other's way
  other jsonb,                          -- what a save from elsewhere, that had not seen it, replaced: {value, version, updatedAt}
  updated_at timestamptz not null,
  primary key (org_id, staff_id, key),
  foreign key (org_id, staff_id) references staff (org_id, id) on delete cascade
);
create index draft_age on draft (org_id, updated_at);
select meta.tenant_wall('draft');
create policy own_person on draft as restrictive to redress_app using (staff_id = app_staff()) with check (staff_id = app_staff());
