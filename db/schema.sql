-- The schema as the migrations leave it. Written by: ./redress schema --write. Not for loading.

-- Roles

create role redress_app nologin;
create role redress_system nologin;

-- Schemas

create schema auth;
create schema meta;

-- Tables

create table auth.attempt (
  key bytea not null,
  failures integer not null,
  last_at timestamp with time zone not null,
  blocked_until timestamp with time zone not null
);
create table auth.challenge (
  hash bytea not null,
  user_id text not null,
  attempts integer not null default 0,
  expires_at timestamp with time zone not null
);
create table auth.recovery_code (
  user_id text not null,
  hash bytea not null,
  used_at timestamp with time zone
);
create table auth.session (
  id uuid not null,
  token_hash bytea not null,
  user_id text not null,
  org_id uuid not null,
  user_agent text not null default ''::text,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  expires_at timestamp with time zone not null
);
create table auth.two_factor (
  user_id text not null,
  secret bytea not null,
  confirmed_at timestamp with time zone,
  last_step bigint not null default 0,
  created_at timestamp with time zone not null
);
create table auth."user" (
  id text not null,
  mail text not null,
  password_hash text,
  password_changed_at timestamp with time zone,
  created_at timestamp with time zone not null
);
create table meta.mailbox_address (
  address text not null,
  org_id uuid not null,
  mailbox_id uuid not null,
  former_since timestamp with time zone
);
create table meta.migration (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now()
);
create table meta.setting (
  key text not null,
  value jsonb not null
);
create table public.absence (
  org_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  from_day text collate "C" not null,
  until_day text collate "C" not null,
  stand_in_id uuid,
  created_at timestamp with time zone not null
);
create table public.access_log (
  org_id uuid not null,
  id uuid not null,
  at timestamp with time zone not null,
  staff_id uuid,
  what text not null,
  complaint_id uuid,
  facts jsonb not null default '{}'::jsonb
);
create table public.api_key (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  prefix text not null,
  hash bytea not null,
  permissions text[] not null,
  staff_id uuid not null,
  created_by uuid,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  confirmed_by uuid
);
create table public.assignment_turn (
  org_id uuid not null,
  staff_id uuid not null,
  turn bigint not null
);
create table public.attachment (
  org_id uuid not null,
  id uuid not null,
  complaint_id uuid,
  message_id uuid,
  uploader text not null,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 bytea not null,
  stripped boolean not null default false,
  visibility text not null default 'public'::text,
  created_at timestamp with time zone not null
);
create table public.blob (
  org_id uuid not null,
  sha256 bytea not null,
  size bigint not null,
  created_at timestamp with time zone not null
);
create table public.blob_chunk (
  org_id uuid not null,
  sha256 bytea not null,
  no integer not null,
  bytes bytea not null,
  put_at timestamp with time zone not null default now()
);
create table public.calendar (
  org_id uuid not null,
  key text not null,
  version integer not null,
  definition jsonb not null,
  created_at timestamp with time zone not null
);
create table public.checkpoint (
  org_id uuid not null,
  no integer not null,
  at timestamp with time zone not null,
  heads jsonb not null,
  prev bytea not null,
  hash bytea not null,
  signature bytea not null
);
create table public.clock (
  org_id uuid not null,
  id uuid not null,
  complaint_id uuid not null,
  kind text not null,
  milestone text,
  cycle integer not null default 1,
  state text not null,
  target jsonb not null,
  started_at timestamp with time zone not null,
  due_at timestamp with time zone,
  internal_due_at timestamp with time zone,
  ended_at timestamp with time zone,
  breached_at timestamp with time zone,
  cause jsonb not null,
  policy jsonb not null,
  calendar jsonb not null,
  provisional boolean not null default false,
  pausable boolean not null default false,
  owner_id uuid
);
create table public.code (
  org_id uuid not null,
  list text not null,
  code text not null,
  parent text,
  labels jsonb not null,
  facts jsonb not null default '{}'::jsonb,
  "position" integer not null default 0,
  retired_at timestamp with time zone,
  version integer not null default 1
);
create table public.complaint (
  org_id uuid not null,
  id uuid not null,
  number text not null,
  version integer not null,
  head bytea not null,
  fold_version integer not null,
  state text not null,
  open boolean not null,
  workflow jsonb not null,
  channel text not null,
  mode text not null,
  confidentiality text not null,
  restricted boolean not null,
  customer_id uuid,
  owner_id uuid,
  team_id uuid not null,
  type_code text,
  product_id uuid,
  place_id uuid,
  order_no text,
  impact integer,
  likelihood integer,
  severity text,
  remedy_code text,
  outcome_code text,
  closure_code text,
  merged_into uuid,
  authority jsonb,
  received_at timestamp with time zone not null,
  logged_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone,
  first_reply_at timestamp with time zone,
  decided_at timestamp with time zone,
  responded_at timestamp with time zone,
  remedy_done_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  closed_at timestamp with time zone,
  next_due_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  next_clock text,
  waiting_for text,
  locale text not null,
  public_ref text not null,
  state_before_merge text,
  proposed_by uuid,
  decided_by uuid,
  secret_hash bytea not null,
  erased_at timestamp with time zone,
  updated_at timestamp with time zone not null
) with (fillfactor=85);
create table public.complaint_access (
  org_id uuid not null,
  complaint_id uuid not null,
  staff_id uuid not null
);
create table public.complaint_event (
  org_id uuid not null,
  complaint_id uuid not null,
  seq integer not null,
  type text not null,
  v integer not null,
  at timestamp with time zone not null,
  actor jsonb not null,
  payload jsonb not null,
  prev bytea not null,
  hash bytea not null
);
create table public.complaint_flag (
  org_id uuid not null,
  flag text not null,
  complaint_id uuid not null
);
create table public.complaint_helper (
  org_id uuid not null,
  complaint_id uuid not null,
  staff_id uuid not null,
  kind text not null
);
create table public.complaint_link (
  org_id uuid not null,
  complaint_id uuid not null,
  other_id uuid not null,
  kind text not null
);
create table public.complaint_subject (
  org_id uuid not null,
  complaint_id uuid not null,
  staff_id uuid not null
);
create table public.complaint_text (
  org_id uuid not null,
  complaint_id uuid not null,
  title text not null,
  remedy_sought text not null default ''::text,
  on_behalf_of text not null default ''::text,
  summary text not null default ''::text,
  salt bytea not null
);
create table public.complaint_words (
  org_id uuid not null,
  complaint_id uuid not null,
  id uuid not null,
  kind text not null,
  point_id uuid,
  text text not null,
  salt bytea not null
);
create table public.customer (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  locale text not null default 'zh-Hant'::text,
  tier text,
  merged_into uuid,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  preferred_channel text,
  keyed boolean not null default false
);
create table public.customer_change (
  org_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  staff_id uuid,
  at timestamp with time zone not null,
  field text not null,
  before text not null,
  after text not null
);
create table public.customer_identity (
  org_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  kind text not null,
  value text not null,
  norm text not null,
  verified_at timestamp with time zone,
  created_at timestamp with time zone not null,
  not_used text
);
create table public.customer_note (
  org_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  staff_id uuid,
  at timestamp with time zone not null,
  text text not null
);
create table public.draft (
  org_id uuid not null,
  staff_id uuid not null,
  key text collate "C" not null,
  value jsonb not null,
  version bigint not null,
  writer text not null default ''::text,
  other jsonb,
  updated_at timestamp with time zone not null
);
create table public.duplicate_suggestion (
  org_id uuid not null,
  complaint_id uuid not null,
  other_id uuid not null,
  reason text not null,
  score real not null default 1,
  dismissed_by uuid,
  created_at timestamp with time zone not null
);
create table public.idempotency (
  org_id uuid not null,
  caller text not null,
  key text not null,
  request_hash bytea not null,
  status integer,
  reply jsonb,
  created_at timestamp with time zone not null
);
create table public.identity_key (
  org_id uuid not null,
  key text collate "C" not null,
  customer_id uuid not null
);
create table public.imap_state (
  org_id uuid not null,
  mailbox_id uuid not null,
  began_at timestamp with time zone not null,
  validity bigint,
  anew integer not null default 0,
  first_uid bigint not null default 0,
  done_uid bigint not null default 0,
  unmarked bigint[] not null default '{}'::bigint[],
  fetched bigint not null default 0,
  looked_at timestamp with time zone,
  failing_since timestamp with time zone,
  problem text,
  said text,
  leased_by uuid,
  leased_until timestamp with time zone
);
create table public.import_bad (
  org_id uuid not null,
  run_id uuid not null,
  no integer not null,
  "row" jsonb not null,
  problems jsonb not null
);
create table public.import_item (
  org_id uuid not null,
  complaint_id uuid not null,
  run_id uuid not null,
  no integer not null,
  source_id text not null,
  flaw text
);
create table public.import_run (
  org_id uuid not null,
  id uuid not null,
  source text not null,
  file_name text not null,
  blob bytea,
  file_hash bytea not null,
  format jsonb not null,
  mapping jsonb not null,
  state text not null,
  total integer,
  done integer not null default 0,
  imported integer not null default 0,
  known integer not null default 0,
  changed integer not null default 0,
  bad integer not null default 0,
  flawed integer not null default 0,
  busy_ms bigint not null default 0,
  reason text,
  staff_id uuid,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  beat_at timestamp with time zone,
  ended_at timestamp with time zone,
  found integer not null default 0,
  files integer not null default 0,
  files_left integer not null default 0,
  unfindable integer not null default 0
);
create table public.inbound_item (
  org_id uuid not null,
  id uuid not null,
  channel text not null,
  external_id text not null,
  received_at timestamp with time zone not null,
  logged_at timestamp with time zone not null,
  raw bytea not null,
  sha256 bytea not null,
  state text not null,
  complaint_id uuid,
  attempts integer not null default 0,
  reason text
);
create table public.inbound_mail (
  org_id uuid not null,
  item_id uuid not null,
  mailbox_ids uuid[] not null,
  via text not null,
  mail_from text not null,
  rcpt_to text[] not null,
  client_ip text not null,
  helo text not null,
  deliveries integer not null default 1,
  received_at timestamp with time zone not null,
  next_try_at timestamp with time zone,
  asked boolean not null default false,
  class text,
  became text,
  complaint_id uuid,
  message_id uuid,
  about uuid[]
);
create table public.mail_id (
  org_id uuid not null,
  hash bytea not null,
  kind text not null,
  complaint_id uuid not null,
  message_id uuid,
  mailbox_ids uuid[] not null,
  fingerprint bytea,
  at timestamp with time zone not null
);
create table public.mail_template (
  org_id uuid not null,
  kind text not null,
  locale text not null,
  subject text not null,
  body text not null,
  version integer not null
);
create table public.mail_test (
  org_id uuid not null,
  id uuid not null,
  staff_id uuid,
  recipient text not null,
  mailbox_id uuid,
  letter jsonb not null,
  state text not null,
  error text,
  created_at timestamp with time zone not null,
  settled_at timestamp with time zone
);
create table public.mailbox (
  org_id uuid not null,
  id uuid not null,
  address text not null,
  name text not null,
  team_id uuid,
  locale text not null,
  signature text not null default ''::text,
  type_code text,
  comes_by text not null default 'smtp'::text,
  imap jsonb,
  secret bytea,
  off boolean not null default false,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
create table public.message (
  org_id uuid not null,
  complaint_id uuid not null,
  id uuid not null,
  direction text not null,
  channel text not null,
  visibility text not null,
  author_staff_id uuid,
  author_name text not null default ''::text,
  body text not null,
  flags text[] not null default '{}'::text[],
  salt bytea not null,
  at timestamp with time zone not null,
  call jsonb
);
create table public.message_mail (
  org_id uuid not null,
  complaint_id uuid not null,
  message_id uuid not null,
  item_id uuid,
  standing text not null,
  class text not null,
  authenticity jsonb not null,
  subject text not null,
  parties jsonb not null,
  sent_at timestamp with time zone,
  text text not null,
  html text,
  cids jsonb not null default '{}'::jsonb
);
create table public.notice (
  org_id uuid not null,
  staff_id uuid not null,
  complaint_id uuid not null,
  kind text not null,
  ref text not null,
  at timestamp with time zone not null,
  by_staff uuid,
  read_at timestamp with time zone
);
create table public.number_block (
  org_id uuid not null,
  year integer not null,
  next bigint not null
);
create table public.organisation (
  org_id uuid not null,
  no integer not null,
  slug text not null,
  name jsonb not null,
  term_set text not null default 'retail'::text,
  locale text not null default 'zh-Hant'::text,
  zone text not null default 'Asia/Taipei'::text,
  settings jsonb not null default '{}'::jsonb,
  demo boolean not null default false,
  created_at timestamp with time zone not null
);
create table public.outbox (
  org_id uuid not null,
  id uuid not null,
  complaint_id uuid not null,
  message_id uuid,
  channel text not null,
  recipient text not null,
  envelope jsonb not null,
  state text not null,
  not_before timestamp with time zone not null,
  attempts integer not null default 0,
  last_error text,
  sent_at timestamp with time zone,
  created_at timestamp with time zone not null,
  automatic boolean not null default false
);
create table public.place (
  org_id uuid not null,
  id uuid not null,
  code text not null,
  name jsonb not null,
  jurisdiction text not null default 'TW'::text,
  zone text not null default 'Asia/Taipei'::text,
  calendar_key text not null default 'tw-office'::text,
  retired_at timestamp with time zone,
  parent_id uuid,
  "position" integer not null default 0,
  version integer not null default 1
);
create table public.point (
  org_id uuid not null,
  complaint_id uuid not null,
  id uuid not null,
  no integer not null,
  text text not null,
  finding text,
  answer text not null default ''::text,
  salt bytea not null
);
create table public.portal_draft (
  org_id uuid not null,
  id uuid not null,
  token_hash bytea not null,
  data jsonb not null,
  expires_at timestamp with time zone not null,
  complaint_id uuid
);
create table public.product (
  org_id uuid not null,
  id uuid not null,
  code text not null,
  name jsonb not null,
  kind text not null default 'product'::text,
  retired_at timestamp with time zone,
  "position" integer not null default 0,
  version integer not null default 1
);
create table public.role_scope (
  org_id uuid not null,
  role text not null,
  scope text not null
);
create table public.routing_line (
  org_id uuid not null,
  id uuid not null,
  place_id uuid,
  type_code text,
  team_id uuid not null,
  version integer not null default 1,
  created_at timestamp with time zone not null
);
create table public.saved_view (
  org_id uuid not null,
  id uuid not null,
  owner_id uuid not null,
  shared boolean not null,
  name text not null,
  filter jsonb not null,
  "position" integer not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  removed_at timestamp with time zone
);
create table public.search_row (
  org_id uuid not null,
  id uuid not null,
  complaint_id uuid not null,
  message_id uuid,
  part integer not null default 0,
  visibility text not null,
  at timestamp with time zone not null,
  tsv tsvector not null
);
create table public.settings_change (
  org_id uuid not null,
  id uuid not null,
  at timestamp with time zone not null,
  staff_id uuid,
  list text not null,
  item text not null,
  what text not null,
  before jsonb,
  after jsonb
);
create table public.staff (
  org_id uuid not null,
  id uuid not null,
  user_id text,
  name text not null,
  mail text not null,
  locale text not null default 'zh-Hant'::text,
  zone text not null default 'Asia/Taipei'::text,
  manager_id uuid,
  active boolean not null default true,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  signature jsonb not null default '{}'::jsonb
);
create table public.staff_preference (
  org_id uuid not null,
  staff_id uuid not null,
  value jsonb not null,
  updated_at timestamp with time zone not null
);
create table public.staff_role (
  org_id uuid not null,
  staff_id uuid not null,
  role text not null
);
create table public.stream (
  org_id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  complaint_id uuid not null,
  version integer not null,
  type text not null,
  audience jsonb not null,
  audience_before jsonb,
  noticed uuid[]
);
create table public.team (
  org_id uuid not null,
  id uuid not null,
  key text not null,
  name jsonb not null,
  place_ids uuid[] not null default '{}'::uuid[],
  calendar_key text not null default 'tw-office'::text,
  is_default boolean not null default false,
  retired_at timestamp with time zone,
  assignment text not null default 'by_hand'::text
);
create table public.team_member (
  org_id uuid not null,
  team_id uuid not null,
  staff_id uuid not null
);
create table public.text_band (
  org_id uuid not null,
  band bigint not null,
  complaint_id uuid not null,
  at timestamp with time zone not null
);

-- Constraints

alter table auth.attempt add constraint attempt_pkey PRIMARY KEY (key);
alter table auth.challenge add constraint challenge_pkey PRIMARY KEY (hash);
alter table auth.challenge add constraint challenge_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE;
alter table auth.recovery_code add constraint recovery_code_pkey PRIMARY KEY (user_id, hash);
alter table auth.recovery_code add constraint recovery_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE;
alter table auth.session add constraint session_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table auth.session add constraint session_pkey PRIMARY KEY (id);
alter table auth.session add constraint session_token_hash_key UNIQUE (token_hash);
alter table auth.session add constraint session_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE;
alter table auth.two_factor add constraint two_factor_pkey PRIMARY KEY (user_id);
alter table auth.two_factor add constraint two_factor_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE;
alter table auth."user" add constraint user_mail_check CHECK ((mail = lower(mail)));
alter table auth."user" add constraint user_mail_key UNIQUE (mail);
alter table auth."user" add constraint user_pkey PRIMARY KEY (id);
alter table meta.mailbox_address add constraint mailbox_address_org_id_mailbox_id_fkey FOREIGN KEY (org_id, mailbox_id) REFERENCES public.mailbox(org_id, id) ON DELETE CASCADE;
alter table meta.mailbox_address add constraint mailbox_address_pkey PRIMARY KEY (address);
alter table meta.migration add constraint migration_pkey PRIMARY KEY (name);
alter table meta.setting add constraint setting_pkey PRIMARY KEY (key);
alter table public.absence add constraint absence_check CHECK ((from_day <= until_day));
alter table public.absence add constraint absence_from_day_check CHECK ((from_day ~ '^\d{4}-\d{2}-\d{2}$'::text));
alter table public.absence add constraint absence_org_id_staff_id_fkey FOREIGN KEY (org_id, staff_id) REFERENCES public.staff(org_id, id) ON DELETE CASCADE;
alter table public.absence add constraint absence_org_id_stand_in_id_fkey FOREIGN KEY (org_id, stand_in_id) REFERENCES public.staff(org_id, id);
alter table public.absence add constraint absence_pkey PRIMARY KEY (org_id, id);
alter table public.absence add constraint absence_until_day_check CHECK ((until_day ~ '^\d{4}-\d{2}-\d{2}$'::text));
alter table public.access_log add constraint access_log_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.access_log add constraint access_log_pkey PRIMARY KEY (org_id, id);
alter table public.api_key add constraint api_key_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.api_key add constraint api_key_org_id_hash_key UNIQUE (org_id, hash);
alter table public.api_key add constraint api_key_org_id_staff_id_fkey FOREIGN KEY (org_id, staff_id) REFERENCES public.staff(org_id, id);
alter table public.api_key add constraint api_key_pkey PRIMARY KEY (org_id, id);
alter table public.assignment_turn add constraint assignment_turn_org_id_staff_id_fkey FOREIGN KEY (org_id, staff_id) REFERENCES public.staff(org_id, id) ON DELETE CASCADE;
alter table public.assignment_turn add constraint assignment_turn_pkey PRIMARY KEY (org_id, staff_id);
alter table public.attachment add constraint attachment_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.attachment add constraint attachment_org_id_sha256_fkey FOREIGN KEY (org_id, sha256) REFERENCES public.blob(org_id, sha256);
alter table public.attachment add constraint attachment_pkey PRIMARY KEY (org_id, id);
alter table public.blob add constraint blob_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.blob add constraint blob_pkey PRIMARY KEY (org_id, sha256);
alter table public.blob_chunk add constraint blob_chunk_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.blob_chunk add constraint blob_chunk_pkey PRIMARY KEY (org_id, sha256, no);
alter table public.calendar add constraint calendar_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.calendar add constraint calendar_pkey PRIMARY KEY (org_id, key, version);
alter table public.checkpoint add constraint checkpoint_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.checkpoint add constraint checkpoint_pkey PRIMARY KEY (org_id, no);
alter table public.clock add constraint clock_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.clock add constraint clock_pkey PRIMARY KEY (org_id, id);
alter table public.code add constraint code_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.code add constraint code_pkey PRIMARY KEY (org_id, list, code);
alter table public.complaint add constraint complaint_org_id_customer_id_fkey FOREIGN KEY (org_id, customer_id) REFERENCES public.customer(org_id, id);
alter table public.complaint add constraint complaint_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.complaint add constraint complaint_org_id_merged_into_fkey FOREIGN KEY (org_id, merged_into) REFERENCES public.complaint(org_id, id);
alter table public.complaint add constraint complaint_org_id_number_key UNIQUE (org_id, number);
alter table public.complaint add constraint complaint_org_id_owner_id_fkey FOREIGN KEY (org_id, owner_id) REFERENCES public.staff(org_id, id);
alter table public.complaint add constraint complaint_org_id_place_id_fkey FOREIGN KEY (org_id, place_id) REFERENCES public.place(org_id, id);
alter table public.complaint add constraint complaint_org_id_product_id_fkey FOREIGN KEY (org_id, product_id) REFERENCES public.product(org_id, id);
alter table public.complaint add constraint complaint_org_id_public_ref_key UNIQUE (org_id, public_ref);
alter table public.complaint add constraint complaint_org_id_team_id_fkey FOREIGN KEY (org_id, team_id) REFERENCES public.team(org_id, id);
alter table public.complaint add constraint complaint_pkey PRIMARY KEY (org_id, id);
alter table public.complaint_access add constraint complaint_access_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.complaint_access add constraint complaint_access_org_id_staff_id_fkey FOREIGN KEY (org_id, staff_id) REFERENCES public.staff(org_id, id);
alter table public.complaint_access add constraint complaint_access_pkey PRIMARY KEY (org_id, complaint_id, staff_id);
alter table public.complaint_event add constraint complaint_event_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.complaint_event add constraint complaint_event_pkey PRIMARY KEY (org_id, complaint_id, seq);
alter table public.complaint_flag add constraint complaint_flag_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.complaint_flag add constraint complaint_flag_pkey PRIMARY KEY (org_id, flag, complaint_id);
alter table public.complaint_helper add constraint complaint_helper_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.complaint_helper add constraint complaint_helper_org_id_staff_id_fkey FOREIGN KEY (org_id, staff_id) REFERENCES public.staff(org_id, id);
alter table public.complaint_helper add constraint complaint_helper_pkey PRIMARY KEY (org_id, complaint_id, staff_id);
alter table public.complaint_link add constraint complaint_link_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.complaint_link add constraint complaint_link_org_id_other_id_fkey FOREIGN KEY (org_id, other_id) REFERENCES public.complaint(org_id, id);
alter table public.complaint_link add constraint complaint_link_pkey PRIMARY KEY (org_id, complaint_id, other_id, kind);
alter table public.complaint_subject add constraint complaint_subject_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.complaint_subject add constraint complaint_subject_org_id_staff_id_fkey FOREIGN KEY (org_id, staff_id) REFERENCES public.staff(org_id, id);
alter table public.complaint_subject add constraint complaint_subject_pkey PRIMARY KEY (org_id, complaint_id, staff_id);
alter table public.complaint_text add constraint complaint_text_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.complaint_text add constraint complaint_text_pkey PRIMARY KEY (org_id, complaint_id);
alter table public.complaint_words add constraint complaint_words_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.complaint_words add constraint complaint_words_pkey PRIMARY KEY (org_id, complaint_id, id);
alter table public.customer add constraint customer_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.customer add constraint customer_pkey PRIMARY KEY (org_id, id);
alter table public.customer_change add constraint customer_change_org_id_customer_id_fkey FOREIGN KEY (org_id, customer_id) REFERENCES public.customer(org_id, id);
alter table public.customer_change add constraint customer_change_pkey PRIMARY KEY (org_id, id);
alter table public.customer_identity add constraint customer_identity_org_id_customer_id_fkey FOREIGN KEY (org_id, customer_id) REFERENCES public.customer(org_id, id);
alter table public.customer_identity add constraint customer_identity_pkey PRIMARY KEY (org_id, id);
alter table public.customer_note add constraint customer_note_org_id_customer_id_fkey FOREIGN KEY (org_id, customer_id) REFERENCES public.customer(org_id, id);
alter table public.customer_note add constraint customer_note_pkey PRIMARY KEY (org_id, id);
alter table public.draft add constraint draft_org_id_staff_id_fkey FOREIGN KEY (org_id, staff_id) REFERENCES public.staff(org_id, id) ON DELETE CASCADE;
alter table public.draft add constraint draft_pkey PRIMARY KEY (org_id, staff_id, key);
alter table public.duplicate_suggestion add constraint duplicate_suggestion_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.duplicate_suggestion add constraint duplicate_suggestion_org_id_other_id_fkey FOREIGN KEY (org_id, other_id) REFERENCES public.complaint(org_id, id);
alter table public.duplicate_suggestion add constraint duplicate_suggestion_pkey PRIMARY KEY (org_id, complaint_id, other_id, reason);
alter table public.idempotency add constraint idempotency_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.idempotency add constraint idempotency_pkey PRIMARY KEY (org_id, caller, key);
alter table public.identity_key add constraint identity_key_org_id_customer_id_fkey FOREIGN KEY (org_id, customer_id) REFERENCES public.customer(org_id, id) ON DELETE CASCADE;
alter table public.identity_key add constraint identity_key_pkey PRIMARY KEY (org_id, key, customer_id);
alter table public.imap_state add constraint imap_state_org_id_mailbox_id_fkey FOREIGN KEY (org_id, mailbox_id) REFERENCES public.mailbox(org_id, id) ON DELETE CASCADE;
alter table public.imap_state add constraint imap_state_pkey PRIMARY KEY (org_id, mailbox_id);
alter table public.import_bad add constraint import_bad_org_id_run_id_fkey FOREIGN KEY (org_id, run_id) REFERENCES public.import_run(org_id, id) ON DELETE CASCADE;
alter table public.import_bad add constraint import_bad_pkey PRIMARY KEY (org_id, run_id, no);
alter table public.import_item add constraint import_item_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.import_item add constraint import_item_pkey PRIMARY KEY (org_id, complaint_id);
alter table public.import_run add constraint import_run_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.import_run add constraint import_run_pkey PRIMARY KEY (org_id, id);
alter table public.inbound_item add constraint inbound_item_org_id_channel_external_id_key UNIQUE (org_id, channel, external_id);
alter table public.inbound_item add constraint inbound_item_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id) DEFERRABLE INITIALLY DEFERRED;
alter table public.inbound_item add constraint inbound_item_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.inbound_item add constraint inbound_item_pkey PRIMARY KEY (org_id, id);
alter table public.inbound_mail add constraint inbound_mail_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.inbound_mail add constraint inbound_mail_org_id_item_id_fkey FOREIGN KEY (org_id, item_id) REFERENCES public.inbound_item(org_id, id) ON DELETE CASCADE;
alter table public.inbound_mail add constraint inbound_mail_pkey PRIMARY KEY (org_id, item_id);
alter table public.mail_id add constraint mail_id_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.mail_id add constraint mail_id_pkey PRIMARY KEY (org_id, hash, kind, complaint_id);
alter table public.mail_template add constraint mail_template_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.mail_template add constraint mail_template_pkey PRIMARY KEY (org_id, kind, locale);
alter table public.mail_test add constraint mail_test_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.mail_test add constraint mail_test_pkey PRIMARY KEY (org_id, id);
alter table public.mailbox add constraint mailbox_org_id_address_key UNIQUE (org_id, address);
alter table public.mailbox add constraint mailbox_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.mailbox add constraint mailbox_org_id_team_id_fkey FOREIGN KEY (org_id, team_id) REFERENCES public.team(org_id, id);
alter table public.mailbox add constraint mailbox_pkey PRIMARY KEY (org_id, id);
alter table public.message add constraint message_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.message add constraint message_pkey PRIMARY KEY (org_id, complaint_id, id);
alter table public.message_mail add constraint message_mail_org_id_complaint_id_message_id_fkey FOREIGN KEY (org_id, complaint_id, message_id) REFERENCES public.message(org_id, complaint_id, id) ON DELETE CASCADE;
alter table public.message_mail add constraint message_mail_pkey PRIMARY KEY (org_id, complaint_id, message_id);
alter table public.notice add constraint notice_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id) ON DELETE CASCADE;
alter table public.notice add constraint notice_org_id_staff_id_fkey FOREIGN KEY (org_id, staff_id) REFERENCES public.staff(org_id, id) ON DELETE CASCADE;
alter table public.notice add constraint notice_pkey PRIMARY KEY (org_id, staff_id, complaint_id, kind, ref);
alter table public.number_block add constraint number_block_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.number_block add constraint number_block_pkey PRIMARY KEY (org_id, year);
alter table public.organisation add constraint organisation_pkey PRIMARY KEY (org_id);
alter table public.organisation add constraint organisation_slug_key UNIQUE (slug);
alter table public.outbox add constraint outbox_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.outbox add constraint outbox_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.outbox add constraint outbox_pkey PRIMARY KEY (org_id, id);
alter table public.place add constraint place_org_id_code_key UNIQUE (org_id, code);
alter table public.place add constraint place_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.place add constraint place_org_id_parent_id_fkey FOREIGN KEY (org_id, parent_id) REFERENCES public.place(org_id, id);
alter table public.place add constraint place_pkey PRIMARY KEY (org_id, id);
alter table public.point add constraint point_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.point add constraint point_pkey PRIMARY KEY (org_id, complaint_id, id);
alter table public.portal_draft add constraint portal_draft_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.portal_draft add constraint portal_draft_pkey PRIMARY KEY (org_id, id);
alter table public.product add constraint product_org_id_code_key UNIQUE (org_id, code);
alter table public.product add constraint product_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.product add constraint product_pkey PRIMARY KEY (org_id, id);
alter table public.role_scope add constraint role_scope_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.role_scope add constraint role_scope_pkey PRIMARY KEY (org_id, role);
alter table public.routing_line add constraint routing_line_check CHECK (((place_id IS NOT NULL) OR (type_code IS NOT NULL)));
alter table public.routing_line add constraint routing_line_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.routing_line add constraint routing_line_org_id_place_id_fkey FOREIGN KEY (org_id, place_id) REFERENCES public.place(org_id, id);
alter table public.routing_line add constraint routing_line_org_id_place_id_type_code_key UNIQUE NULLS NOT DISTINCT (org_id, place_id, type_code);
alter table public.routing_line add constraint routing_line_org_id_team_id_fkey FOREIGN KEY (org_id, team_id) REFERENCES public.team(org_id, id);
alter table public.routing_line add constraint routing_line_pkey PRIMARY KEY (org_id, id);
alter table public.saved_view add constraint saved_view_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.saved_view add constraint saved_view_org_id_owner_id_fkey FOREIGN KEY (org_id, owner_id) REFERENCES public.staff(org_id, id);
alter table public.saved_view add constraint saved_view_pkey PRIMARY KEY (org_id, id);
alter table public.search_row add constraint search_row_org_id_complaint_id_fkey FOREIGN KEY (org_id, complaint_id) REFERENCES public.complaint(org_id, id);
alter table public.search_row add constraint search_row_pkey PRIMARY KEY (org_id, id);
alter table public.settings_change add constraint settings_change_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.settings_change add constraint settings_change_pkey PRIMARY KEY (org_id, id);
alter table public.staff add constraint staff_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.staff add constraint staff_org_id_mail_key UNIQUE (org_id, mail);
alter table public.staff add constraint staff_org_id_manager_id_fkey FOREIGN KEY (org_id, manager_id) REFERENCES public.staff(org_id, id);
alter table public.staff add constraint staff_pkey PRIMARY KEY (org_id, id);
alter table public.staff_preference add constraint staff_preference_org_id_staff_id_fkey FOREIGN KEY (org_id, staff_id) REFERENCES public.staff(org_id, id) ON DELETE CASCADE;
alter table public.staff_preference add constraint staff_preference_pkey PRIMARY KEY (org_id, staff_id);
alter table public.staff_role add constraint staff_role_org_id_staff_id_fkey FOREIGN KEY (org_id, staff_id) REFERENCES public.staff(org_id, id) ON DELETE CASCADE;
alter table public.staff_role add constraint staff_role_pkey PRIMARY KEY (org_id, staff_id, role);
alter table public.stream add constraint stream_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.stream add constraint stream_pkey PRIMARY KEY (org_id, xid, id);
alter table public.team add constraint team_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(org_id);
alter table public.team add constraint team_org_id_key_key UNIQUE (org_id, key);
alter table public.team add constraint team_pkey PRIMARY KEY (org_id, id);
alter table public.team_member add constraint team_member_org_id_staff_id_fkey FOREIGN KEY (org_id, staff_id) REFERENCES public.staff(org_id, id) ON DELETE CASCADE;
alter table public.team_member add constraint team_member_org_id_team_id_fkey FOREIGN KEY (org_id, team_id) REFERENCES public.team(org_id, id) ON DELETE CASCADE;
alter table public.team_member add constraint team_member_pkey PRIMARY KEY (org_id, team_id, staff_id);
alter table public.text_band add constraint text_band_pkey PRIMARY KEY (org_id, band, complaint_id);

-- Indexes

CREATE INDEX attempt_age ON auth.attempt USING btree (last_at);
CREATE INDEX challenge_expiry ON auth.challenge USING btree (expires_at);
CREATE INDEX challenge_user_id ON auth.challenge USING btree (user_id);
CREATE INDEX session_org_id ON auth.session USING btree (org_id);
CREATE INDEX session_user_id ON auth.session USING btree (user_id);
CREATE INDEX mailbox_address_of ON meta.mailbox_address USING btree (org_id, mailbox_id);
CREATE INDEX absence_until ON public.absence USING btree (org_id, until_day);
CREATE INDEX access_log_at ON public.access_log USING btree (org_id, at DESC);
CREATE INDEX api_key_hash ON public.api_key USING btree (hash);
CREATE INDEX attachment_blob ON public.attachment USING btree (org_id, sha256);
CREATE INDEX attachment_complaint ON public.attachment USING btree (org_id, complaint_id);
CREATE INDEX attachment_uploader ON public.attachment USING btree (org_id, uploader) WHERE (complaint_id IS NULL);
CREATE INDEX blob_chunk_put ON public.blob_chunk USING btree (org_id, put_at) WHERE (no = 0);
CREATE INDEX clock_breached ON public.clock USING btree (org_id, breached_at) INCLUDE (complaint_id) WHERE (breached_at IS NOT NULL);
CREATE INDEX clock_complaint ON public.clock USING btree (org_id, complaint_id);
CREATE INDEX clock_due ON public.clock USING btree (org_id, due_at) WHERE (state = 'running'::text);
CREATE INDEX clock_owned ON public.clock USING btree (org_id, owner_id, due_at) WHERE ((owner_id IS NOT NULL) AND (ended_at IS NULL));
CREATE INDEX complaint_access_staff ON public.complaint_access USING btree (org_id, staff_id);
CREATE INDEX complaint_closed ON public.complaint USING btree (org_id, closed_at) WHERE (NOT open);
CREATE INDEX complaint_customer ON public.complaint USING btree (org_id, customer_id, received_at DESC);
CREATE INDEX complaint_ended_channel ON public.complaint USING btree (org_id, channel, received_at DESC, id DESC) WHERE (NOT open);
CREATE INDEX complaint_ended_mode ON public.complaint USING btree (org_id, mode, received_at DESC, id DESC) WHERE ((NOT open) AND (mode <> 'named'::text));
CREATE INDEX complaint_ended_outcome ON public.complaint USING btree (org_id, outcome_code, received_at DESC, id DESC) WHERE ((NOT open) AND (outcome_code IS NOT NULL));
CREATE INDEX complaint_ended_owner ON public.complaint USING btree (org_id, owner_id, received_at DESC, id DESC) WHERE (NOT open);
CREATE INDEX complaint_ended_place ON public.complaint USING btree (org_id, place_id, received_at DESC, id DESC) WHERE (NOT open);
CREATE INDEX complaint_ended_product ON public.complaint USING btree (org_id, product_id, received_at DESC, id DESC) WHERE (NOT open);
CREATE INDEX complaint_ended_remedy ON public.complaint USING btree (org_id, remedy_code, received_at DESC, id DESC) WHERE ((NOT open) AND (remedy_code IS NOT NULL));
CREATE INDEX complaint_ended_restricted ON public.complaint USING btree (org_id, received_at DESC, id DESC) WHERE ((NOT open) AND restricted);
CREATE INDEX complaint_ended_severity ON public.complaint USING btree (org_id, severity, received_at DESC, id DESC) WHERE (NOT open);
CREATE INDEX complaint_ended_state ON public.complaint USING btree (org_id, state, received_at DESC, id DESC) WHERE (NOT open);
CREATE INDEX complaint_ended_team ON public.complaint USING btree (org_id, team_id, received_at DESC, id DESC) WHERE (NOT open);
CREATE INDEX complaint_event_answered ON public.complaint_event USING btree (org_id, at) INCLUDE (complaint_id, seq) WHERE (type = ANY (ARRAY['responded'::text, 'finalised'::text]));
CREATE INDEX complaint_event_cancelled ON public.complaint_event USING btree (org_id) WHERE (type = 'reply_cancelled'::text);
CREATE INDEX complaint_event_turned ON public.complaint_event USING btree (org_id, complaint_id) WHERE (type = ANY (ARRAY['reopened'::text, 'review_requested'::text, 'went_outside'::text]));
CREATE INDEX complaint_flag_complaint ON public.complaint_flag USING btree (org_id, complaint_id);
CREATE INDEX complaint_helper_staff ON public.complaint_helper USING btree (org_id, staff_id);
CREATE INDEX complaint_link_other ON public.complaint_link USING btree (org_id, other_id);
CREATE INDEX complaint_merged ON public.complaint USING btree (org_id, merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX complaint_next ON public.complaint USING btree (org_id, next_due_at, id) WHERE open;
CREATE INDEX complaint_order ON public.complaint USING btree (org_id, order_no) WHERE (order_no IS NOT NULL);
CREATE INDEX complaint_owner_next ON public.complaint USING btree (org_id, owner_id, next_due_at, id) WHERE open;
CREATE INDEX complaint_received ON public.complaint USING btree (org_id, received_at DESC, id DESC);
CREATE INDEX complaint_replied_late ON public.complaint USING btree (org_id, first_reply_at) WHERE (first_reply_at > closed_at);
CREATE INDEX complaint_subject_staff ON public.complaint_subject USING btree (org_id, staff_id);
CREATE INDEX complaint_team_next ON public.complaint USING btree (org_id, team_id, next_due_at, id) WHERE open;
CREATE INDEX complaint_type ON public.complaint USING btree (org_id, type_code, received_at DESC, id DESC);
CREATE INDEX customer_change_of ON public.customer_change USING btree (org_id, customer_id, at DESC);
CREATE INDEX customer_identity_customer ON public.customer_identity USING btree (org_id, customer_id);
CREATE INDEX customer_identity_norm ON public.customer_identity USING btree (org_id, kind, norm);
CREATE INDEX customer_merged ON public.customer USING btree (org_id, merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX customer_name ON public.customer USING btree (org_id, name);
CREATE INDEX customer_note_of ON public.customer_note USING btree (org_id, customer_id, at DESC);
CREATE INDEX customer_unkeyed ON public.customer USING btree (org_id, id) WHERE (NOT keyed);
CREATE INDEX draft_age ON public.draft USING btree (org_id, updated_at);
CREATE INDEX idempotency_age ON public.idempotency USING btree (org_id, created_at);
CREATE INDEX import_item_run ON public.import_item USING btree (org_id, run_id, no);
CREATE INDEX import_run_newest ON public.import_run USING btree (org_id, created_at DESC);
CREATE INDEX inbound_item_complaint ON public.inbound_item USING btree (org_id, complaint_id);
CREATE INDEX inbound_item_parked ON public.inbound_item USING btree (org_id, received_at) WHERE (state = 'parked'::text);
CREATE INDEX inbound_mail_complaint ON public.inbound_mail USING btree (org_id, complaint_id) WHERE (complaint_id IS NOT NULL);
CREATE INDEX inbound_mail_due ON public.inbound_mail USING btree (org_id, next_try_at, item_id) WHERE (next_try_at IS NOT NULL);
CREATE INDEX inbound_mail_received ON public.inbound_mail USING btree (org_id, received_at DESC);
CREATE INDEX mail_id_complaint ON public.mail_id USING btree (org_id, complaint_id);
CREATE INDEX message_at ON public.message USING btree (org_id, complaint_id, at, id);
CREATE INDEX notice_age ON public.notice USING btree (org_id, at);
CREATE INDEX notice_newest ON public.notice USING btree (org_id, staff_id, at DESC);
CREATE UNIQUE INDEX organisation_no ON public.organisation USING btree (no);
CREATE INDEX outbox_automatic ON public.outbox USING btree (org_id, lower(recipient), created_at) WHERE automatic;
CREATE INDEX outbox_automatic_at ON public.outbox USING btree (org_id, created_at) WHERE automatic;
CREATE INDEX outbox_complaint ON public.outbox USING btree (org_id, complaint_id);
CREATE INDEX outbox_failed ON public.outbox USING btree (org_id, created_at) WHERE (state = 'failed'::text);
CREATE INDEX outbox_open ON public.outbox USING btree (org_id, not_before) WHERE (state = ANY (ARRAY['waiting'::text, 'sending'::text]));
CREATE INDEX portal_draft_expiry ON public.portal_draft USING btree (org_id, expires_at);
CREATE INDEX saved_view_owner ON public.saved_view USING btree (org_id, owner_id);
CREATE INDEX saved_view_shared ON public.saved_view USING btree (org_id) WHERE shared;
CREATE INDEX search_row_complaint ON public.search_row USING btree (org_id, complaint_id, message_id);
CREATE INDEX search_row_tsv ON public.search_row USING gin (tsv) WITH (gin_pending_list_limit='1024');
CREATE INDEX settings_change_item ON public.settings_change USING btree (org_id, list, item, id DESC);
CREATE UNIQUE INDEX staff_user ON public.staff USING btree (org_id, user_id);
CREATE INDEX stream_at ON public.stream USING btree (org_id, at);
CREATE INDEX team_member_staff ON public.team_member USING btree (org_id, staff_id);

-- Row-level security

alter table public.absence enable row level security;
alter table public.access_log enable row level security;
alter table public.api_key enable row level security;
alter table public.assignment_turn enable row level security;
alter table public.attachment enable row level security;
alter table public.blob enable row level security;
alter table public.blob_chunk enable row level security;
alter table public.calendar enable row level security;
alter table public.checkpoint enable row level security;
alter table public.clock enable row level security;
alter table public.code enable row level security;
alter table public.complaint enable row level security;
alter table public.complaint_access enable row level security;
alter table public.complaint_event enable row level security;
alter table public.complaint_flag enable row level security;
alter table public.complaint_helper enable row level security;
alter table public.complaint_link enable row level security;
alter table public.complaint_subject enable row level security;
alter table public.complaint_text enable row level security;
alter table public.complaint_words enable row level security;
alter table public.customer enable row level security;
alter table public.customer_change enable row level security;
alter table public.customer_identity enable row level security;
alter table public.customer_note enable row level security;
alter table public.draft enable row level security;
alter table public.duplicate_suggestion enable row level security;
alter table public.idempotency enable row level security;
alter table public.identity_key enable row level security;
alter table public.imap_state enable row level security;
alter table public.import_bad enable row level security;
alter table public.import_item enable row level security;
alter table public.import_run enable row level security;
alter table public.inbound_item enable row level security;
alter table public.inbound_mail enable row level security;
alter table public.mail_id enable row level security;
alter table public.mail_template enable row level security;
alter table public.mail_test enable row level security;
alter table public.mailbox enable row level security;
alter table public.message enable row level security;
alter table public.message_mail enable row level security;
alter table public.notice enable row level security;
alter table public.number_block enable row level security;
alter table public.organisation enable row level security;
alter table public.outbox enable row level security;
alter table public.place enable row level security;
alter table public.point enable row level security;
alter table public.portal_draft enable row level security;
alter table public.product enable row level security;
alter table public.role_scope enable row level security;
alter table public.routing_line enable row level security;
alter table public.saved_view enable row level security;
alter table public.search_row enable row level security;
alter table public.settings_change enable row level security;
alter table public.staff enable row level security;
alter table public.staff_preference enable row level security;
alter table public.staff_role enable row level security;
alter table public.stream enable row level security;
alter table public.team enable row level security;
alter table public.team_member enable row level security;
alter table public.text_band enable row level security;

-- Policies

create policy own_organisation on public.absence for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.absence for all to redress_system using (true) with check (true);
create policy own_organisation on public.access_log for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.access_log for all to redress_system using (true) with check (true);
create policy own_organisation on public.api_key for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.api_key for all to redress_system using (true) with check (true);
create policy own_organisation on public.assignment_turn for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.assignment_turn for all to redress_system using (true) with check (true);
create policy own_organisation on public.attachment for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.attachment for all to redress_system using (true) with check (true);
create policy own_organisation on public.blob for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.blob for all to redress_system using (true) with check (true);
create policy own_organisation on public.blob_chunk for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.blob_chunk for all to redress_system using (true) with check (true);
create policy own_organisation on public.calendar for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.calendar for all to redress_system using (true) with check (true);
create policy own_organisation on public.checkpoint for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.checkpoint for all to redress_system using (true) with check (true);
create policy own_organisation on public.clock for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.clock for all to redress_system using (true) with check (true);
create policy own_organisation on public.code for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.code for all to redress_system using (true) with check (true);
create policy own_organisation on public.complaint for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.complaint for all to redress_system using (true) with check (true);
create policy own_organisation on public.complaint_access for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.complaint_access for all to redress_system using (true) with check (true);
create policy own_organisation on public.complaint_event for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.complaint_event for all to redress_system using (true) with check (true);
create policy own_organisation on public.complaint_flag for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.complaint_flag for all to redress_system using (true) with check (true);
create policy own_organisation on public.complaint_helper for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.complaint_helper for all to redress_system using (true) with check (true);
create policy own_organisation on public.complaint_link for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.complaint_link for all to redress_system using (true) with check (true);
create policy own_organisation on public.complaint_subject for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.complaint_subject for all to redress_system using (true) with check (true);
create policy own_organisation on public.complaint_text for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.complaint_text for all to redress_system using (true) with check (true);
create policy own_organisation on public.complaint_words for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.complaint_words for all to redress_system using (true) with check (true);
create policy own_organisation on public.customer for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.customer for all to redress_system using (true) with check (true);
create policy own_organisation on public.customer_change for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.customer_change for all to redress_system using (true) with check (true);
create policy own_organisation on public.customer_identity for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.customer_identity for all to redress_system using (true) with check (true);
create policy own_organisation on public.customer_note for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.customer_note for all to redress_system using (true) with check (true);
create policy own_organisation on public.draft for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy own_person on public.draft as restrictive for all to redress_app using ((staff_id = public.app_staff())) with check ((staff_id = public.app_staff()));
create policy whole_installation on public.draft for all to redress_system using (true) with check (true);
create policy own_organisation on public.duplicate_suggestion for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.duplicate_suggestion for all to redress_system using (true) with check (true);
create policy own_organisation on public.idempotency for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.idempotency for all to redress_system using (true) with check (true);
create policy own_organisation on public.identity_key for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.identity_key for all to redress_system using (true) with check (true);
create policy own_organisation on public.imap_state for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.imap_state for all to redress_system using (true) with check (true);
create policy own_organisation on public.import_bad for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.import_bad for all to redress_system using (true) with check (true);
create policy own_organisation on public.import_item for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.import_item for all to redress_system using (true) with check (true);
create policy own_organisation on public.import_run for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.import_run for all to redress_system using (true) with check (true);
create policy own_organisation on public.inbound_item for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.inbound_item for all to redress_system using (true) with check (true);
create policy own_organisation on public.inbound_mail for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.inbound_mail for all to redress_system using (true) with check (true);
create policy own_organisation on public.mail_id for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.mail_id for all to redress_system using (true) with check (true);
create policy own_organisation on public.mail_template for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.mail_template for all to redress_system using (true) with check (true);
create policy own_organisation on public.mail_test for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.mail_test for all to redress_system using (true) with check (true);
create policy own_organisation on public.mailbox for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.mailbox for all to redress_system using (true) with check (true);
create policy own_organisation on public.message for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.message for all to redress_system using (true) with check (true);
create policy own_organisation on public.message_mail for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.message_mail for all to redress_system using (true) with check (true);
create policy own_organisation on public.notice for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy own_person on public.notice as restrictive for select to redress_app using ((staff_id = public.app_staff()));
create policy whole_installation on public.notice for all to redress_system using (true) with check (true);
create policy own_organisation on public.number_block for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.number_block for all to redress_system using (true) with check (true);
create policy own_organisation on public.organisation for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.organisation for all to redress_system using (true) with check (true);
create policy own_organisation on public.outbox for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.outbox for all to redress_system using (true) with check (true);
create policy own_organisation on public.place for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.place for all to redress_system using (true) with check (true);
create policy own_organisation on public.point for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.point for all to redress_system using (true) with check (true);
create policy own_organisation on public.portal_draft for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.portal_draft for all to redress_system using (true) with check (true);
create policy own_organisation on public.product for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.product for all to redress_system using (true) with check (true);
create policy own_organisation on public.role_scope for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.role_scope for all to redress_system using (true) with check (true);
create policy own_organisation on public.routing_line for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.routing_line for all to redress_system using (true) with check (true);
create policy own_organisation on public.saved_view for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.saved_view for all to redress_system using (true) with check (true);
create policy own_organisation on public.search_row for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.search_row for all to redress_system using (true) with check (true);
create policy own_organisation on public.settings_change for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.settings_change for all to redress_system using (true) with check (true);
create policy own_organisation on public.staff for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.staff for all to redress_system using (true) with check (true);
create policy own_organisation on public.staff_preference for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy own_person on public.staff_preference as restrictive for all to redress_app using ((staff_id = public.app_staff())) with check ((staff_id = public.app_staff()));
create policy whole_installation on public.staff_preference for all to redress_system using (true) with check (true);
create policy own_organisation on public.staff_role for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.staff_role for all to redress_system using (true) with check (true);
create policy own_organisation on public.stream for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.stream for all to redress_system using (true) with check (true);
create policy own_organisation on public.team for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.team for all to redress_system using (true) with check (true);
create policy own_organisation on public.team_member for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.team_member for all to redress_system using (true) with check (true);
create policy own_organisation on public.text_band for all to redress_app using ((org_id = public.app_org())) with check ((org_id = public.app_org()));
create policy whole_installation on public.text_band for all to redress_system using (true) with check (true);

-- Functions

CREATE OR REPLACE FUNCTION auth.account(p_user text)
 RETURNS TABLE(password_hash text, totp boolean, codes_left integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$
  select u.password_hash, exists (select 1 from auth.two_factor f where f.user_id = u.id and f.confirmed_at is not null),
    (select count(*)::int from auth.recovery_code c where c.user_id = u.id and c.used_at is null)
  from auth."user" u where u.id = p_user and auth.is_ours(p_user)
$function$;

CREATE OR REPLACE FUNCTION auth.begin_try(p_key bytea, p_free integer, p_now timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ declare a auth.attempt; n int; begin
  insert into auth.attempt (key, failures, last_at, blocked_until) values (p_key, 0, p_now, p_now) on conflict do nothing;
  select * into a from auth.attempt where key = p_key for update;
  if a.blocked_until > p_now then return ceil(extract(epoch from a.blocked_until - p_now) * 1000); end if;
  n := case when a.last_at < p_now - interval '1 hour' then 1 else a.failures + 1 end;
  update auth.attempt set failures = n, last_at = p_now,
    blocked_until = case when n < p_free then p_now else p_now + least(power(2, least(n - p_free, 20)), 900) * interval '1 second' end
  where key = p_key;
  if random() < 0.01 then
    delete from auth.attempt where key in (select key from auth.attempt where last_at < p_now - interval '1 day' limit 1000 for update skip locked);
  end if;
  return 0;
end $function$;

CREATE OR REPLACE FUNCTION auth.begin_two_factor(p_user text, p_secret bytea, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  if not auth.is_ours(p_user) then return false; end if;
  insert into auth.two_factor as f (user_id, secret, created_at) values (p_user, p_secret, p_at)
  on conflict (user_id) do update set secret = p_secret, created_at = p_at, last_step = 0 where f.confirmed_at is null;
  return found;
end $function$;

CREATE OR REPLACE FUNCTION auth.close_challenge(p_hash bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  delete from auth.challenge where hash = p_hash;
  return found;
end $function$;

CREATE OR REPLACE FUNCTION auth.close_session(p_user text, p_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  delete from auth.session where id = p_id and user_id = p_user and auth.is_ours(p_user);
  return found;
end $function$;

CREATE OR REPLACE FUNCTION auth.close_session_by_token(p_hash bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ delete from auth.session where token_hash = p_hash $function$;

CREATE OR REPLACE FUNCTION auth.close_sessions(p_user text, p_except uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ declare n int; begin
  if not auth.is_ours(p_user) then return 0; end if;
  delete from auth.challenge where user_id = p_user;
  delete from auth.session where user_id = p_user and id is distinct from p_except;
  get diagnostics n = row_count;
  return n;
end $function$;

CREATE OR REPLACE FUNCTION auth.confirm_two_factor(p_user text, p_codes bytea[], p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  update auth.two_factor set confirmed_at = p_at where user_id = p_user and confirmed_at is null and auth.is_ours(p_user);
  if not found then return false; end if;
  delete from auth.recovery_code where user_id = p_user;
  insert into auth.recovery_code (user_id, hash) select p_user, h from unnest(p_codes) h;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION auth.create_user(p_id text, p_mail text, p_password_hash text, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  insert into auth."user" (id, mail, password_hash, password_changed_at, created_at)
  values (p_id, p_mail, p_password_hash, case when p_password_hash is not null then p_at end, p_at) on conflict do nothing;
  return found;
end $function$;

CREATE OR REPLACE FUNCTION auth.credential(p_mail text)
 RETURNS TABLE(user_id text, password_hash text, totp boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$
  select u.id, u.password_hash, exists (select 1 from auth.two_factor f where f.user_id = u.id and f.confirmed_at is not null)
  from auth."user" u where u.mail = p_mail
$function$;

CREATE OR REPLACE FUNCTION auth.drop_two_factor(p_user text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  if not auth.is_ours(p_user) then return false; end if;
  delete from auth.recovery_code where user_id = p_user;
  delete from auth.two_factor where user_id = p_user;
  return found;
end $function$;

CREATE OR REPLACE FUNCTION auth.forget_try(p_key bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ delete from auth.attempt where key = p_key $function$;

CREATE OR REPLACE FUNCTION auth.is_ours(p_user text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select exists (select 1 from public.staff s where s.org_id = public.app_org() and s.user_id = p_user) $function$;

CREATE OR REPLACE FUNCTION auth.next_organisation_no()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ begin
  perform pg_advisory_xact_lock(7316502);
  return (select coalesce(max(no), 0) + 1 from public.organisation);
end $function$;

CREATE OR REPLACE FUNCTION auth.open_challenge(p_hash bytea, p_user text, p_at timestamp with time zone, p_expires timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  delete from auth.challenge where expires_at < p_at;
  insert into auth.challenge (hash, user_id, expires_at) values (p_hash, p_user, p_expires);
end $function$;

CREATE OR REPLACE FUNCTION auth.open_session(p_id uuid, p_hash bytea, p_user text, p_agent text, p_at timestamp with time zone, p_expires timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  if not auth.is_ours(p_user) then raise exception 'a session opens only in the account''s organisation'; end if;
  delete from auth.session where user_id = p_user and expires_at < p_at;
  insert into auth.session (id, token_hash, user_id, org_id, user_agent, created_at, last_used_at, expires_at)
  values (p_id, p_hash, p_user, public.app_org(), p_agent, p_at, p_at, p_expires);
end $function$;

CREATE OR REPLACE FUNCTION auth.session_by_token(p_hash bytea, p_now timestamp with time zone, p_idle_since timestamp with time zone)
 RETURNS TABLE(session_id uuid, user_id text, last_used_at timestamp with time zone, org_id uuid, org_slug text, org_no integer, staff_id uuid, name text, mail text, locale text, zone text, roles text[], teams uuid[], chain uuid[], scopes jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'auth', 'public', 'pg_temp'
AS $function$
  select x.id, x.user_id, x.last_used_at, s.org_id, s.org_slug, s.org_no, s.staff_id, s.name, s.mail, s.locale, s.zone, s.roles, s.teams, s.chain, s.scopes
  from auth.session x cross join lateral public.staff_by_user(x.user_id) s
  where x.token_hash = p_hash and x.expires_at > p_now and x.last_used_at > p_idle_since and s.org_id = x.org_id
$function$;

CREATE OR REPLACE FUNCTION auth.sessions_of(p_user text, p_now timestamp with time zone, p_idle_since timestamp with time zone)
 RETURNS TABLE(id uuid, user_agent text, created_at timestamp with time zone, last_used_at timestamp with time zone, expires_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$
  select id, user_agent, created_at, last_used_at, expires_at from auth.session
  where user_id = p_user and org_id = public.app_org() and expires_at > p_now and last_used_at > p_idle_since order by last_used_at desc limit 100
$function$;

CREATE OR REPLACE FUNCTION auth.set_mail(p_user text, p_mail text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  update auth."user" set mail = p_mail where id = p_user and auth.is_ours(p_user);
  return found;
exception when unique_violation then return false;
end $function$;

CREATE OR REPLACE FUNCTION auth.set_password(p_user text, p_password_hash text, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  update auth."user" set password_hash = p_password_hash, password_changed_at = p_at where id = p_user and auth.is_ours(p_user);
  return found;
end $function$;

CREATE OR REPLACE FUNCTION auth.touch_session(p_id uuid, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ update auth.session set last_used_at = p_at where id = p_id and last_used_at < p_at $function$;

CREATE OR REPLACE FUNCTION auth.try_challenge(p_hash bytea, p_now timestamp with time zone, p_most integer)
 RETURNS TABLE(user_id text, secret bytea)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$
  with tried as (
    update auth.challenge c set attempts = attempts + 1 where c.hash = p_hash and c.expires_at > p_now and c.attempts < p_most returning c.user_id
  ) select t.user_id, f.secret from tried t join auth.two_factor f on f.user_id = t.user_id and f.confirmed_at is not null
$function$;

CREATE OR REPLACE FUNCTION auth.two_factor_of(p_user text)
 RETURNS TABLE(secret bytea, confirmed boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ select secret, confirmed_at is not null from auth.two_factor where user_id = p_user and auth.is_ours(p_user) $function$;

CREATE OR REPLACE FUNCTION auth.undo_try(p_key bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ update auth.attempt set failures = greatest(failures - 1, 0), blocked_until = last_at where key = p_key $function$;

CREATE OR REPLACE FUNCTION auth.use_recovery_code(p_user text, p_hash bytea, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  update auth.recovery_code set used_at = p_at where user_id = p_user and hash = p_hash and used_at is null;
  return found;
end $function$;

CREATE OR REPLACE FUNCTION auth.use_totp_step(p_user text, p_step bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'auth', 'pg_temp'
AS $function$ begin
  update auth.two_factor set last_step = p_step where user_id = p_user and last_step < p_step;
  return found;
end $function$;

CREATE OR REPLACE FUNCTION meta.tenant_wall(tbl regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('alter table %s enable row level security', tbl);
  execute format('create policy own_organisation on %s to redress_app using (org_id = app_org()) with check (org_id = app_org())', tbl);
  execute format('create policy whole_installation on %s to redress_system using (true) with check (true)', tbl);
  execute format('grant select, insert, update, delete on %s to redress_app, redress_system', tbl);
end $function$;

CREATE OR REPLACE FUNCTION public.api_key_by_hash(p_hash bytea)
 RETURNS TABLE(org_id uuid, org_slug text, org_no integer, key_id uuid, staff_id uuid, name text, permissions text[], scopes jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select k.org_id, o.slug, o.no, k.id, k.staff_id, k.name, k.permissions,
    coalesce((select jsonb_object_agg(x.role, x.scope) from role_scope x where x.org_id = k.org_id), '{}')
  from api_key k join organisation o on o.org_id = k.org_id join staff s on s.org_id = k.org_id and s.id = k.staff_id
  where k.hash = p_hash and k.revoked_at is null and k.confirmed_at is not null and s.active
$function$;

CREATE OR REPLACE FUNCTION public.app_chain()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce(nullif(current_setting('app.chain', true), ''), '{}')::uuid[] $function$;

CREATE OR REPLACE FUNCTION public.app_org()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('app.org', true), '')::uuid $function$;

CREATE OR REPLACE FUNCTION public.app_scope()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce(current_setting('app.scope', true), '') $function$;

CREATE OR REPLACE FUNCTION public.app_staff()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('app.staff', true), '')::uuid $function$;

CREATE OR REPLACE FUNCTION public.app_teams()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce(nullif(current_setting('app.teams', true), ''), '{}')::uuid[] $function$;

CREATE OR REPLACE FUNCTION public.claim_mailbox_address(p_mailbox uuid, p_address text, p_at timestamp with time zone DEFAULT now())
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ begin
  if not exists (select 1 from mailbox where org_id = app_org() and id = p_mailbox) then return false; end if;
  update meta.mailbox_address set former_since = p_at
    where org_id = app_org() and mailbox_id = p_mailbox and address <> p_address and former_since is null;
  insert into meta.mailbox_address as a (address, org_id, mailbox_id) values (p_address, app_org(), p_mailbox)
    on conflict (address) do update set mailbox_id = p_mailbox, former_since = null
    where a.org_id = app_org() and (a.mailbox_id = p_mailbox or a.former_since is not null);
  return exists (select 1 from meta.mailbox_address
    where address = p_address and org_id = app_org() and mailbox_id = p_mailbox and former_since is null);
end $function$;

CREATE OR REPLACE FUNCTION public.enqueue_job(p_task text, p_payload json, p_key text DEFAULT NULL::text, p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ begin
  perform graphile_worker.add_job(p_task, p_payload, job_key => p_key, run_at => p_run_at, max_attempts => 25);
end $function$;

CREATE OR REPLACE FUNCTION public.forget_head(p_org uuid, p_complaint uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ delete from search_row where org_id = p_org and org_id = app_org() and complaint_id = p_complaint and message_id is null $function$;

CREATE OR REPLACE FUNCTION public.former_mailbox_addresses()
 RETURNS TABLE(mailbox_id uuid, address text, since timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select a.mailbox_id, a.address, a.former_since from meta.mailbox_address a
   where a.org_id = app_org() and a.former_since is not null $function$;

CREATE OR REPLACE FUNCTION public.fresh_statistics(p_rows integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  it record;
begin
  for it in select name, columns from (values
      ('complaint', 'org_id, id, customer_id, type_code, received_at, open'), ('customer', 'org_id, id, name, merged_into'),
      ('customer_identity', 'org_id, id, customer_id, kind, norm'), ('identity_key', 'org_id, key, customer_id'),
      ('inbound_item', 'org_id, id, complaint_id, channel, external_id'), ('message', 'org_id, complaint_id, id, at'),
      ('complaint_text', 'org_id, complaint_id'), ('point', 'org_id, complaint_id, id'),
      ('import_item', 'org_id, complaint_id, run_id, no')) as t(name, columns)
    where (select reltuples from pg_class where oid = to_regclass('public.' || t.name)) < p_rows
  loop
    execute format('analyze %I (%s)', it.name, it.columns);
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.job_measures()
 RETURNS TABLE(waiting bigint, oldest_seconds double precision, dead bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select count(*) filter (where run_at <= now() and attempts < max_attempts),
    coalesce(max(extract(epoch from now() - run_at)) filter (where run_at <= now() and attempts < max_attempts), 0)::float8,
    count(*) filter (where attempts >= max_attempts)
  from graphile_worker.jobs
$function$;

CREATE OR REPLACE FUNCTION public.mailboxes_at(p_addresses text[])
 RETURNS TABLE(address text, org_id uuid, mailbox_id uuid, off boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select a.address, a.org_id, a.mailbox_id, m.off from meta.mailbox_address a
   join mailbox m on m.org_id = a.org_id and m.id = a.mailbox_id where a.address = any (p_addresses) $function$;

CREATE OR REPLACE FUNCTION public.organisation_by_slug(p_slug text)
 RETURNS TABLE(org_id uuid, slug text, name jsonb, term_set text, locale text, zone text, no integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select org_id, slug, name, term_set, locale, zone, no from organisation where slug = p_slug $function$;

CREATE OR REPLACE FUNCTION public.organisations_public()
 RETURNS TABLE(org_id uuid, slug text, name jsonb, locale text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select org_id, slug, name, locale from organisation order by no limit 200 $function$;

CREATE OR REPLACE FUNCTION public.search_complaints(p_query text, p_limit integer, p_ranked boolean, p_internal boolean, p_before timestamp with time zone, p_before_id uuid, p_filter jsonb)
 RETURNS TABLE(complaint_id uuid, at timestamp with time zone, message_id uuid, rank real)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
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
        and (((not c.restricted and (v_scope = 'organisation' or (v_scope = 'team' and c.team_id = any (v_teams)) or (v_scope <> 'none' and c.owner_id = v_staff) or exists (select 1 from complaint_helper vh where vh.org_id = c.org_id and vh.complaint_id = c.id and vh.staff_id = v_staff))) or exists (select 1 from complaint_access va where va.org_id = c.org_id and va.complaint_id = c.id and va.staff_id = v_staff)) and not exists (select 1 from complaint_subject vs where vs.org_id = c.org_id and vs.complaint_id = c.id and vs.staff_id = any (v_chain)))
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
end $function$;

CREATE OR REPLACE FUNCTION public.search_hits(p_org uuid, p_query tsquery, p_internal boolean, p_until timestamp with time zone)
 RETURNS TABLE(id uuid, complaint_id uuid, at timestamp with time zone, message_id uuid)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
AS $function$
begin
  return query select s.id, s.complaint_id, s.at, s.message_id from search_row s
    where s.tsv @@ p_query and (s.org_id = p_org) is true and (p_internal or s.visibility = 'public') and s.at < p_until;
end $function$;

CREATE OR REPLACE FUNCTION public.staff_by_user(p_user text)
 RETURNS TABLE(org_id uuid, org_slug text, org_no integer, staff_id uuid, name text, mail text, locale text, zone text, roles text[], teams uuid[], chain uuid[], scopes jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;


-- Grants

grant execute on function auth.account(text) to redress_app;
grant execute on function auth.account(text) to redress_system;
grant execute on function auth.begin_try(bytea,integer,timestamp with time zone) to redress_app;
grant execute on function auth.begin_try(bytea,integer,timestamp with time zone) to redress_system;
grant execute on function auth.begin_two_factor(text,bytea,timestamp with time zone) to redress_app;
grant execute on function auth.begin_two_factor(text,bytea,timestamp with time zone) to redress_system;
grant execute on function auth.close_challenge(bytea) to redress_app;
grant execute on function auth.close_challenge(bytea) to redress_system;
grant execute on function auth.close_session(text,uuid) to redress_app;
grant execute on function auth.close_session(text,uuid) to redress_system;
grant execute on function auth.close_session_by_token(bytea) to redress_app;
grant execute on function auth.close_session_by_token(bytea) to redress_system;
grant execute on function auth.close_sessions(text,uuid) to redress_app;
grant execute on function auth.close_sessions(text,uuid) to redress_system;
grant execute on function auth.confirm_two_factor(text,bytea[],timestamp with time zone) to redress_app;
grant execute on function auth.confirm_two_factor(text,bytea[],timestamp with time zone) to redress_system;
grant execute on function auth.create_user(text,text,text,timestamp with time zone) to redress_app;
grant execute on function auth.create_user(text,text,text,timestamp with time zone) to redress_system;
grant execute on function auth.credential(text) to redress_app;
grant execute on function auth.credential(text) to redress_system;
grant execute on function auth.drop_two_factor(text) to redress_app;
grant execute on function auth.drop_two_factor(text) to redress_system;
grant execute on function auth.forget_try(bytea) to redress_app;
grant execute on function auth.forget_try(bytea) to redress_system;
grant execute on function auth.is_ours(text) to redress_app;
grant execute on function auth.is_ours(text) to redress_system;
grant execute on function auth.next_organisation_no() to redress_app;
grant execute on function auth.next_organisation_no() to redress_system;
grant execute on function auth.open_challenge(bytea,text,timestamp with time zone,timestamp with time zone) to redress_app;
grant execute on function auth.open_challenge(bytea,text,timestamp with time zone,timestamp with time zone) to redress_system;
grant execute on function auth.open_session(uuid,bytea,text,text,timestamp with time zone,timestamp with time zone) to redress_app;
grant execute on function auth.open_session(uuid,bytea,text,text,timestamp with time zone,timestamp with time zone) to redress_system;
grant execute on function auth.session_by_token(bytea,timestamp with time zone,timestamp with time zone) to redress_app;
grant execute on function auth.session_by_token(bytea,timestamp with time zone,timestamp with time zone) to redress_system;
grant execute on function auth.sessions_of(text,timestamp with time zone,timestamp with time zone) to redress_app;
grant execute on function auth.sessions_of(text,timestamp with time zone,timestamp with time zone) to redress_system;
grant execute on function auth.set_mail(text,text) to redress_app;
grant execute on function auth.set_mail(text,text) to redress_system;
grant execute on function auth.set_password(text,text,timestamp with time zone) to redress_app;
grant execute on function auth.set_password(text,text,timestamp with time zone) to redress_system;
grant execute on function auth.touch_session(uuid,timestamp with time zone) to redress_app;
grant execute on function auth.touch_session(uuid,timestamp with time zone) to redress_system;
grant execute on function auth.try_challenge(bytea,timestamp with time zone,integer) to redress_app;
grant execute on function auth.try_challenge(bytea,timestamp with time zone,integer) to redress_system;
grant execute on function auth.two_factor_of(text) to redress_app;
grant execute on function auth.two_factor_of(text) to redress_system;
grant execute on function auth.undo_try(bytea) to redress_app;
grant execute on function auth.undo_try(bytea) to redress_system;
grant execute on function auth.use_recovery_code(text,bytea,timestamp with time zone) to redress_app;
grant execute on function auth.use_recovery_code(text,bytea,timestamp with time zone) to redress_system;
grant execute on function auth.use_totp_step(text,bigint) to redress_app;
grant execute on function auth.use_totp_step(text,bigint) to redress_system;
grant execute on function public.api_key_by_hash(bytea) to redress_app;
grant execute on function public.api_key_by_hash(bytea) to redress_system;
grant execute on function public.claim_mailbox_address(uuid,text,timestamp with time zone) to redress_app;
grant execute on function public.claim_mailbox_address(uuid,text,timestamp with time zone) to redress_system;
grant execute on function public.enqueue_job(text,json,text,timestamp with time zone) to redress_app;
grant execute on function public.enqueue_job(text,json,text,timestamp with time zone) to redress_system;
grant execute on function public.forget_head(uuid,uuid) to redress_app;
grant execute on function public.former_mailbox_addresses() to redress_app;
grant execute on function public.former_mailbox_addresses() to redress_system;
grant execute on function public.fresh_statistics(integer) to redress_system;
grant execute on function public.job_measures() to redress_system;
grant execute on function public.mailboxes_at(text[]) to redress_app;
grant execute on function public.mailboxes_at(text[]) to redress_system;
grant execute on function public.organisation_by_slug(text) to redress_app;
grant execute on function public.organisation_by_slug(text) to redress_system;
grant execute on function public.organisations_public() to redress_app;
grant execute on function public.organisations_public() to redress_system;
grant execute on function public.search_complaints(text,integer,boolean,boolean,timestamp with time zone,uuid,jsonb) to redress_app;
grant execute on function public.staff_by_user(text) to redress_app;
grant execute on function public.staff_by_user(text) to redress_system;
grant usage on schema auth to redress_app;
grant usage on schema auth to redress_system;
grant usage on schema meta to redress_app;
grant usage on schema meta to redress_system;
grant usage on schema public to public;
grant usage on schema public to redress_app;
grant usage on schema public to redress_system;
grant select on table meta.setting to redress_app;
grant insert, select, update on table meta.setting to redress_system;
grant delete, insert, select, update on table public.absence to redress_app;
grant delete, insert, select, update on table public.absence to redress_system;
grant insert, select on table public.access_log to redress_app;
grant delete, insert, select, update on table public.access_log to redress_system;
grant delete, insert, select, update on table public.api_key to redress_app;
grant delete, insert, select, update on table public.api_key to redress_system;
grant delete, insert, select, update on table public.assignment_turn to redress_app;
grant delete, insert, select, update on table public.assignment_turn to redress_system;
grant delete, insert, select, update on table public.attachment to redress_app;
grant delete, insert, select, update on table public.attachment to redress_system;
grant delete, insert, select, update on table public.blob to redress_app;
grant delete, insert, select, update on table public.blob to redress_system;
grant delete, insert, select, update on table public.blob_chunk to redress_app;
grant delete, insert, select, update on table public.blob_chunk to redress_system;
grant delete, insert, select, update on table public.calendar to redress_app;
grant delete, insert, select, update on table public.calendar to redress_system;
grant insert, select on table public.checkpoint to redress_app;
grant delete, insert, select, update on table public.checkpoint to redress_system;
grant delete, insert, select, update on table public.clock to redress_app;
grant delete, insert, select, update on table public.clock to redress_system;
grant delete, insert, select, update on table public.code to redress_app;
grant delete, insert, select, update on table public.code to redress_system;
grant delete, insert, select, update on table public.complaint to redress_app;
grant delete, insert, select, update on table public.complaint to redress_system;
grant delete, insert, select, update on table public.complaint_access to redress_app;
grant delete, insert, select, update on table public.complaint_access to redress_system;
grant insert, select on table public.complaint_event to redress_app;
grant delete, insert, select, update on table public.complaint_event to redress_system;
grant delete, insert, select, update on table public.complaint_flag to redress_app;
grant delete, insert, select, update on table public.complaint_flag to redress_system;
grant delete, insert, select, update on table public.complaint_helper to redress_app;
grant delete, insert, select, update on table public.complaint_helper to redress_system;
grant delete, insert, select, update on table public.complaint_link to redress_app;
grant delete, insert, select, update on table public.complaint_link to redress_system;
grant delete, insert, select, update on table public.complaint_subject to redress_app;
grant delete, insert, select, update on table public.complaint_subject to redress_system;
grant delete, insert, select, update on table public.complaint_text to redress_app;
grant delete, insert, select, update on table public.complaint_text to redress_system;
grant delete, insert, select, update on table public.complaint_words to redress_app;
grant delete, insert, select, update on table public.complaint_words to redress_system;
grant delete, insert, select, update on table public.customer to redress_app;
grant delete, insert, select, update on table public.customer to redress_system;
grant delete, insert, select, update on table public.customer_change to redress_app;
grant delete, insert, select, update on table public.customer_change to redress_system;
grant delete, insert, select, update on table public.customer_identity to redress_app;
grant delete, insert, select, update on table public.customer_identity to redress_system;
grant delete, insert, select, update on table public.customer_note to redress_app;
grant delete, insert, select, update on table public.customer_note to redress_system;
grant delete, insert, select, update on table public.draft to redress_app;
grant delete, insert, select, update on table public.draft to redress_system;
grant delete, insert, select, update on table public.duplicate_suggestion to redress_app;
grant delete, insert, select, update on table public.duplicate_suggestion to redress_system;
grant delete, insert, select, update on table public.idempotency to redress_app;
grant delete, insert, select, update on table public.idempotency to redress_system;
grant delete, insert, select, update on table public.identity_key to redress_app;
grant delete, insert, select, update on table public.identity_key to redress_system;
grant delete, insert, select, update on table public.imap_state to redress_app;
grant delete, insert, select, update on table public.imap_state to redress_system;
grant delete, insert, select, update on table public.import_bad to redress_app;
grant delete, insert, select, update on table public.import_bad to redress_system;
grant delete, insert, select, update on table public.import_item to redress_app;
grant delete, insert, select, update on table public.import_item to redress_system;
grant delete, insert, select, update on table public.import_run to redress_app;
grant delete, insert, select, update on table public.import_run to redress_system;
grant delete, insert, select, update on table public.inbound_item to redress_app;
grant delete, insert, select, update on table public.inbound_item to redress_system;
grant delete, insert, select, update on table public.inbound_mail to redress_app;
grant delete, insert, select, update on table public.inbound_mail to redress_system;
grant delete, insert, select, update on table public.mail_id to redress_app;
grant delete, insert, select, update on table public.mail_id to redress_system;
grant delete, insert, select, update on table public.mail_template to redress_app;
grant delete, insert, select, update on table public.mail_template to redress_system;
grant delete, insert, select, update on table public.mail_test to redress_app;
grant delete, insert, select, update on table public.mail_test to redress_system;
grant delete, insert, select, update on table public.mailbox to redress_app;
grant delete, insert, select, update on table public.mailbox to redress_system;
grant delete, insert, select, update on table public.message to redress_app;
grant delete, insert, select, update on table public.message to redress_system;
grant delete, insert, select, update on table public.message_mail to redress_app;
grant delete, insert, select, update on table public.message_mail to redress_system;
grant delete, insert, select, update on table public.notice to redress_app;
grant delete, insert, select, update on table public.notice to redress_system;
grant delete, insert, select, update on table public.number_block to redress_app;
grant delete, insert, select, update on table public.number_block to redress_system;
grant delete, insert, select, update on table public.organisation to redress_app;
grant delete, insert, select, update on table public.organisation to redress_system;
grant delete, insert, select, update on table public.outbox to redress_app;
grant delete, insert, select, update on table public.outbox to redress_system;
grant delete, insert, select, update on table public.place to redress_app;
grant delete, insert, select, update on table public.place to redress_system;
grant delete, insert, select, update on table public.point to redress_app;
grant delete, insert, select, update on table public.point to redress_system;
grant delete, insert, select, update on table public.portal_draft to redress_app;
grant delete, insert, select, update on table public.portal_draft to redress_system;
grant delete, insert, select, update on table public.product to redress_app;
grant delete, insert, select, update on table public.product to redress_system;
grant delete, insert, select, update on table public.role_scope to redress_app;
grant delete, insert, select, update on table public.role_scope to redress_system;
grant delete, insert, select, update on table public.routing_line to redress_app;
grant delete, insert, select, update on table public.routing_line to redress_system;
grant delete, insert, select, update on table public.saved_view to redress_app;
grant delete, insert, select, update on table public.saved_view to redress_system;
grant delete, insert, update on table public.search_row to redress_app;
grant delete, insert, select, update on table public.search_row to redress_system;
grant insert, select on table public.settings_change to redress_app;
grant delete, insert, select, update on table public.settings_change to redress_system;
grant delete, insert, select, update on table public.staff to redress_app;
grant delete, insert, select, update on table public.staff to redress_system;
grant delete, insert, select, update on table public.staff_preference to redress_app;
grant delete, insert, select, update on table public.staff_preference to redress_system;
grant delete, insert, select, update on table public.staff_role to redress_app;
grant delete, insert, select, update on table public.staff_role to redress_system;
grant delete, insert, select, update on table public.stream to redress_app;
grant delete, insert, select, update on table public.stream to redress_system;
grant delete, insert, select, update on table public.team to redress_app;
grant delete, insert, select, update on table public.team to redress_system;
grant delete, insert, select, update on table public.team_member to redress_app;
grant delete, insert, select, update on table public.team_member to redress_system;
grant delete, insert, select, update on table public.text_band to redress_app;
grant delete, insert, select, update on table public.text_band to redress_system;
