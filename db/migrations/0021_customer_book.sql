-- Customers get a list and a page: names found by any part of them and by sound, addresses not to be used, notes, changes.

-- Beginnings of a name, in whatever script it was typed ("name:…"), stand beside number endings: ranges need bytewise order.
alter table identity_key alter column key type text collate "C";

alter table customer add column preferred_channel text;
-- Whether its name has keys: those of before are given theirs by the worker (folding and sounds are the program's).
alter table customer add column keyed boolean not null default false;
create index customer_unkeyed on customer (org_id, id) where not keyed;

-- Why an address or number is not to be used any more: asked (they do not want it), wrong.
alter table customer_identity add column not_used text;

create table customer_note (
  org_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  staff_id uuid,
  at timestamptz not null,
  text text not null,
  primary key (org_id, id),
  foreign key (org_id, customer_id) references customer (org_id, id)
);
create index customer_note_of on customer_note (org_id, customer_id, at desc);
select meta.tenant_wall('customer_note');

-- What was changed of a customer by whom, with the words of before and after: rows, because they are personal.
create table customer_change (
  org_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  staff_id uuid,
  at timestamptz not null,
  field text not null,
  before text not null,
  after text not null,
  primary key (org_id, id),
  foreign key (org_id, customer_id) references customer (org_id, id)
);
create index customer_change_of on customer_change (org_id, customer_id, at desc);
select meta.tenant_wall('customer_change');
