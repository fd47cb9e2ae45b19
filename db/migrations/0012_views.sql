-- Saved views: a filter with a name, its owner's alone or shared with everybody. Removing keeps the row, so that it can be taken back.
create table saved_view (
  org_id uuid not null references organisation,
  id uuid not null,
  owner_id uuid not null,
  shared boolean not null,
  name text not null,
  filter jsonb not null,
  position int not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  removed_at timestamptz,
  primary key (org_id, id),
  foreign key (org_id, owner_id) references staff (org_id, id)
);
create index saved_view_owner on saved_view (org_id, owner_id);
create index saved_view_shared on saved_view (org_id) where shared;
select meta.tenant_wall('saved_view');

-- What ended is listed newest first by any of these (docs/decisions/0011-inbox.md). Partial, so that an intake pays for none of them.
create index complaint_ended_state on complaint (org_id, state, received_at desc, id desc) where not open;
create index complaint_ended_owner on complaint (org_id, owner_id, received_at desc, id desc) where not open;
create index complaint_ended_team on complaint (org_id, team_id, received_at desc, id desc) where not open;
create index complaint_ended_place on complaint (org_id, place_id, received_at desc, id desc) where not open;
create index complaint_ended_product on complaint (org_id, product_id, received_at desc, id desc) where not open;
create index complaint_ended_severity on complaint (org_id, severity, received_at desc, id desc) where not open;
create index complaint_ended_channel on complaint (org_id, channel, received_at desc, id desc) where not open;
create index complaint_ended_outcome on complaint (org_id, outcome_code, received_at desc, id desc) where not open and outcome_code is not null;
create index complaint_ended_remedy on complaint (org_id, remedy_code, received_at desc, id desc) where not open and remedy_code is not null;
create index complaint_ended_mode on complaint (org_id, mode, received_at desc, id desc) where not open and mode <> 'named';
create index complaint_ended_restricted on complaint (org_id, received_at desc, id desc) where not open and restricted;
