-- The complaint: its history (append-only events), the state folded from it, and the rows that may be erased.

create table complaint (
  org_id uuid not null references organisation,
  id uuid not null,
  number text not null,
  version int not null,                 -- seq of the last event folded in
  head bytea not null,                  -- hash of that event
  fold_version int not null,
  state text not null,
  open boolean not null,
  workflow jsonb not null,              -- {key, version} pinned at intake
  channel text not null,
  mode text not null,                   -- named, confidential, anonymous
  confidentiality text not null,        -- normal, restricted, secret
  restricted boolean not null,          -- confidentiality <> 'normal': what the visibility predicate reads
  customer_id uuid,
  owner_id uuid,
  team_id uuid not null,                -- the queue: a complaint has an owner or waits in a team's queue, never neither
  type_code text,
  product_id uuid,
  place_id uuid,
  order_no text,
  impact int,
  likelihood int,
  severity text,
  remedy_code text,
  outcome_code text,
  closure_code text,
  merged_into uuid,
  authority jsonb,                      -- {body, number, sender, askedFor}
  received_at timestamptz not null,
  logged_at timestamptz not null,
  acknowledged_at timestamptz,
  first_reply_at timestamptz,
  decided_at timestamptz,
  responded_at timestamptz,
  remedy_done_at timestamptz,
  confirmed_at timestamptz,
  closed_at timestamptz,
  next_due_at timestamptz not null default 'infinity',
  next_clock text,
  waiting_for text,
  locale text not null,
  public_ref text not null,
  state_before_merge text,
  proposed_by uuid,
  decided_by uuid,
  secret_hash bytea not null,
  erased_at timestamptz,
  updated_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, number),
  unique (org_id, public_ref),
  foreign key (org_id, customer_id) references customer (org_id, id),
  foreign key (org_id, owner_id) references staff (org_id, id),
  foreign key (org_id, team_id) references team (org_id, id),
  foreign key (org_id, place_id) references place (org_id, id),
  foreign key (org_id, product_id) references product (org_id, id),
  foreign key (org_id, merged_into) references complaint (org_id, id)
) with (fillfactor = 85);
create index complaint_next on complaint (org_id, next_due_at, id) where open;
create index complaint_owner_next on complaint (org_id, owner_id, next_due_at, id) where open;
create index complaint_team_next on complaint (org_id, team_id, next_due_at, id) where open;
create index complaint_received on complaint (org_id, received_at desc, id desc);
create index complaint_customer on complaint (org_id, customer_id, received_at desc);
create index complaint_order on complaint (org_id, order_no) where order_no is not null;
create index complaint_merged on complaint (org_id, merged_into) where merged_into is not null;
select meta.tenant_wall('complaint');

-- Free text of a complaint, apart from its state so that erasing touches no fold.
create table complaint_text (
  org_id uuid not null,
  complaint_id uuid not null,
  title text not null,
  remedy_sought text not null default '',
  on_behalf_of text not null default '',
  summary text not null default '',     -- the written outcome at closing
  salt bytea not null,
  primary key (org_id, complaint_id),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
select meta.tenant_wall('complaint_text');

create table complaint_event (
  org_id uuid not null,
  complaint_id uuid not null,
  seq int not null,
  type text not null,
  v int not null,
  at timestamptz not null,
  actor jsonb not null,
  payload jsonb not null,
  prev bytea not null,
  hash bytea not null,
  primary key (org_id, complaint_id, seq),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
select meta.tenant_wall('complaint_event');
revoke update, delete on complaint_event from redress_app;

create table point (
  org_id uuid not null,
  complaint_id uuid not null,
  id uuid not null,
  no int not null,
  text text not null,
  finding text,
  answer text not null default '',
  salt bytea not null,
  primary key (org_id, complaint_id, id),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
select meta.tenant_wall('point');

create table message (
  org_id uuid not null,
  complaint_id uuid not null,
  id uuid not null,
  direction text not null,              -- in, out, note
  channel text not null,
  visibility text not null,             -- public, internal
  author_staff_id uuid,
  author_name text not null default '',
  body text not null,
  flags text[] not null default '{}',
  salt bytea not null,
  at timestamptz not null,
  primary key (org_id, complaint_id, id),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
create index message_at on message (org_id, complaint_id, at, id);
select meta.tenant_wall('message');

create table clock (
  org_id uuid not null,
  id uuid not null,
  complaint_id uuid not null,
  kind text not null,
  milestone text,
  cycle int not null default 1,
  state text not null,                  -- running, paused, met, breached, cancelled
  target jsonb not null,
  started_at timestamptz not null,
  due_at timestamptz,
  internal_due_at timestamptz,
  ended_at timestamptz,                 -- when what it waited for happened, met or late
  breached_at timestamptz,
  cause jsonb not null,                 -- why this clock, why this date
  policy jsonb not null,                -- {key, version}
  calendar jsonb not null,              -- {key, version}
  provisional boolean not null default false,
  pausable boolean not null default false,
  primary key (org_id, id),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
create index clock_complaint on clock (org_id, complaint_id);
create index clock_due on clock (org_id, due_at) where state = 'running';
select meta.tenant_wall('clock');

create table complaint_flag (
  org_id uuid not null,
  flag text not null,
  complaint_id uuid not null,
  primary key (org_id, flag, complaint_id),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
create index complaint_flag_complaint on complaint_flag (org_id, complaint_id);
select meta.tenant_wall('complaint_flag');

-- Who may see a restricted complaint; who helps; whom it is about (and who therefore never sees it).
create table complaint_access (
  org_id uuid not null,
  complaint_id uuid not null,
  staff_id uuid not null,
  primary key (org_id, complaint_id, staff_id),
  foreign key (org_id, complaint_id) references complaint (org_id, id),
  foreign key (org_id, staff_id) references staff (org_id, id)
);
create index complaint_access_staff on complaint_access (org_id, staff_id);
select meta.tenant_wall('complaint_access');

create table complaint_helper (
  org_id uuid not null,
  complaint_id uuid not null,
  staff_id uuid not null,
  kind text not null,                   -- helper, tasked
  primary key (org_id, complaint_id, staff_id),
  foreign key (org_id, complaint_id) references complaint (org_id, id),
  foreign key (org_id, staff_id) references staff (org_id, id)
);
create index complaint_helper_staff on complaint_helper (org_id, staff_id);
select meta.tenant_wall('complaint_helper');

create table complaint_subject (
  org_id uuid not null,
  complaint_id uuid not null,
  staff_id uuid not null,
  primary key (org_id, complaint_id, staff_id),
  foreign key (org_id, complaint_id) references complaint (org_id, id),
  foreign key (org_id, staff_id) references staff (org_id, id)
);
create index complaint_subject_staff on complaint_subject (org_id, staff_id);
select meta.tenant_wall('complaint_subject');

create table complaint_link (
  org_id uuid not null,
  complaint_id uuid not null,
  other_id uuid not null,
  kind text not null,                   -- repeat, related
  primary key (org_id, complaint_id, other_id, kind),
  foreign key (org_id, complaint_id) references complaint (org_id, id),
  foreign key (org_id, other_id) references complaint (org_id, id)
);
create index complaint_link_other on complaint_link (org_id, other_id);
select meta.tenant_wall('complaint_link');

-- 併案 suggested on arrival, never done by itself.
create table duplicate_suggestion (
  org_id uuid not null,
  complaint_id uuid not null,
  other_id uuid not null,
  reason text not null,                 -- identity, order, text
  score real not null default 1,
  dismissed_by uuid,
  created_at timestamptz not null,
  primary key (org_id, complaint_id, other_id, reason),
  foreign key (org_id, complaint_id) references complaint (org_id, id),
  foreign key (org_id, other_id) references complaint (org_id, id)
);
select meta.tenant_wall('duplicate_suggestion');

-- Band keys of a complaint's words (near-same text within 30 days).
create table text_band (
  org_id uuid not null,
  band bigint not null,
  complaint_id uuid not null,
  at timestamptz not null,
  primary key (org_id, band, complaint_id),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
select meta.tenant_wall('text_band');

create table number_block (
  org_id uuid not null references organisation,
  year int not null,
  next bigint not null,
  primary key (org_id, year)
);
select meta.tenant_wall('number_block');

create table inbound_item (
  org_id uuid not null references organisation,
  id uuid not null,
  channel text not null,
  external_id text not null,
  received_at timestamptz not null,
  logged_at timestamptz not null,
  raw bytea not null,                   -- the bytes as they came
  sha256 bytea not null,
  state text not null,                  -- recorded, parked, threaded, rejected
  complaint_id uuid,
  attempts int not null default 0,
  reason text,
  primary key (org_id, id),
  unique (org_id, channel, external_id),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
create index inbound_item_parked on inbound_item (org_id, received_at) where state = 'parked';
create index inbound_item_complaint on inbound_item (org_id, complaint_id);
select meta.tenant_wall('inbound_item');

create table blob (
  org_id uuid not null references organisation,
  sha256 bytea not null,
  size bigint not null,
  created_at timestamptz not null,
  primary key (org_id, sha256)
);
select meta.tenant_wall('blob');

create table blob_chunk (
  org_id uuid not null references organisation,
  sha256 bytea not null,
  no int not null,
  bytes bytea not null,
  primary key (org_id, sha256, no)
);
select meta.tenant_wall('blob_chunk');

-- An upload belongs to a draft or its uploader until a complaint takes it.
create table attachment (
  org_id uuid not null,
  id uuid not null,
  complaint_id uuid,
  message_id uuid,
  uploader text not null,               -- 'staff:<id>', 'portal:<draft>', 'complainant:<complaint>'
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 bytea not null,
  stripped boolean not null default false,
  visibility text not null default 'public',
  created_at timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, sha256) references blob (org_id, sha256),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
create index attachment_complaint on attachment (org_id, complaint_id);
create index attachment_uploader on attachment (org_id, uploader) where complaint_id is null;
select meta.tenant_wall('attachment');

create table portal_draft (
  org_id uuid not null references organisation,
  id uuid not null,
  token_hash bytea not null,
  data jsonb not null,
  expires_at timestamptz not null,
  complaint_id uuid,
  primary key (org_id, id)
);
create index portal_draft_expiry on portal_draft (org_id, expires_at);
select meta.tenant_wall('portal_draft');

create table outbox (
  org_id uuid not null references organisation,
  id uuid not null,
  complaint_id uuid not null,
  message_id uuid,
  channel text not null,
  recipient text not null,
  envelope jsonb not null,              -- subject, text, headers
  state text not null,                  -- waiting, sending, sent, failed, cancelled
  not_before timestamptz not null,
  attempts int not null default 0,
  last_error text,
  sent_at timestamptz,
  created_at timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
create index outbox_open on outbox (org_id, not_before) where state in ('waiting', 'sending');
create index outbox_complaint on outbox (org_id, complaint_id);
select meta.tenant_wall('outbox');

create table idempotency (
  org_id uuid not null references organisation,
  caller text not null,
  key text not null,
  request_hash bytea not null,
  status int,
  reply jsonb,
  created_at timestamptz not null,
  primary key (org_id, caller, key)
);
create index idempotency_age on idempotency (org_id, created_at);
select meta.tenant_wall('idempotency');

-- What readers follow. Ids are given before COMMIT, so the order is (xid, id) and readers stop below the oldest
-- transaction still running: nobody who commits late is missed.
create table stream (
  org_id uuid not null references organisation,
  xid xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity,
  at timestamptz not null,
  complaint_id uuid not null,
  version int not null,
  type text not null,
  -- Who may be told, as the visibility predicate reads it: {teamId, ownerId, restricted, access, helpers, subjects} after the
  -- change, and before it, so that those who lose sight of it are told to forget it, and nobody else hears of it.
  audience jsonb not null,
  audience_before jsonb,
  primary key (org_id, xid, id)
);
create index stream_at on stream (org_id, at);
select meta.tenant_wall('stream');

create table checkpoint (
  org_id uuid not null references organisation,
  no int not null,
  at timestamptz not null,
  heads jsonb not null,                 -- {complaintId: [seq, hash]} of all heads changed since the checkpoint before
  prev bytea not null,
  hash bytea not null,
  signature bytea not null,
  primary key (org_id, no)
);
select meta.tenant_wall('checkpoint');
revoke update, delete on checkpoint from redress_app;

-- Who looked at what: reads of restricted complaints, exports, sign-ins, settings.
create table access_log (
  org_id uuid not null references organisation,
  id uuid not null,
  at timestamptz not null,
  staff_id uuid,
  what text not null,
  complaint_id uuid,
  facts jsonb not null default '{}',
  primary key (org_id, id)
);
create index access_log_at on access_log (org_id, at desc);
select meta.tenant_wall('access_log');
revoke update, delete on access_log from redress_app;

-- Search: one row per message and one for the head, reached only through search_complaints (a definer function), so
-- the app role gets no select here and the index is used in spite of row-level security.
create table search_row (
  org_id uuid not null,
  id uuid not null,
  complaint_id uuid not null,
  message_id uuid,                      -- null: the head (title, number, names, identities)
  part int not null default 0,
  visibility text not null,             -- public, internal, restricted
  at timestamptz not null,
  tsv tsvector not null,                -- lexemes carry the organisation's short number; a week lexeme lets the newest be found first
  primary key (org_id, id),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
create index search_row_tsv on search_row using gin (tsv);
create index search_row_complaint on search_row (org_id, complaint_id, message_id);
select meta.tenant_wall('search_row');
revoke select on search_row from redress_app;
