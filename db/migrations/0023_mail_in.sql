-- Mail that comes in: mailboxes, what the envelope of a mail said, what a mail has become, what threading needs, and what is
-- shown of a mail beside its message (docs/decisions/0026-mail-in.md).

create table mailbox (
  org_id uuid not null references organisation,
  id uuid not null,
  address text not null,                -- lower-cased; one mailbox of the whole installation (meta.mailbox_address)
  name text not null,                   -- as senders see it
  team_id uuid,                         -- null: the routing table decides
  locale text not null,
  signature text not null default '',
  type_code text,                       -- what is complained of there, unless somebody says otherwise
  comes_by text not null default 'smtp', -- smtp: it is sent to us; imap: we ask for it
  imap jsonb,
  secret bytea,                         -- sealed with a subkey of the master secret, bound to the mailbox
  off boolean not null default false,
  version int not null default 1,
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, address),
  foreign key (org_id, team_id) references team (org_id, id)
);
select meta.tenant_wall('mailbox');

-- Which organisation an address is of, asked before any organisation is known.
create table meta.mailbox_address (
  address text primary key,
  org_id uuid not null,
  mailbox_id uuid not null,
  foreign key (org_id, mailbox_id) references public.mailbox (org_id, id) on delete cascade
);
create index mailbox_address_of on meta.mailbox_address (org_id, mailbox_id);

-- A mail beside its inbound item: where it came, what the envelope said, when it is tried next, what it has become.
create table inbound_mail (
  org_id uuid not null,
  item_id uuid not null,
  mailbox_ids uuid[] not null,          -- the one it came to first, first
  via text not null,                    -- smtp, lmtp, imap, command
  mail_from text not null,
  rcpt_to text[] not null,
  client_ip text not null,
  helo text not null,
  deliveries int not null default 1,    -- how often the same mail was handed over
  received_at timestamptz not null,
  next_try_at timestamptz,              -- null: nothing is left to do
  asked boolean not null default false, -- somebody at the desk wants it taken in
  class text,
  became text,                          -- new, message, note, side_note, bounce; null for what was parked or rejected
  complaint_id uuid,
  message_id uuid,
  primary key (org_id, item_id),
  foreign key (org_id, item_id) references inbound_item (org_id, id) on delete cascade,
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
create index inbound_mail_due on inbound_mail (org_id, next_try_at) where next_try_at is not null;
create index inbound_mail_received on inbound_mail (org_id, received_at desc);
create index inbound_mail_complaint on inbound_mail (org_id, complaint_id) where complaint_id is not null;
select meta.tenant_wall('inbound_mail');

-- Message-IDs by their hash: of mails in and out, and those that mails in answered (`cited`), so that an answer may come first.
create table mail_id (
  org_id uuid not null,
  hash bytea not null,
  kind text not null,                   -- own, cited
  complaint_id uuid not null,
  message_id uuid,
  mailbox_ids uuid[] not null,
  fingerprint bytea,                    -- of what an own one said
  at timestamptz not null,
  primary key (org_id, hash, kind, complaint_id),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
create index mail_id_complaint on mail_id (org_id, complaint_id);
select meta.tenant_wall('mail_id');

-- What is shown of a mail at its message; it can be erased, and no event holds any of it.
create table message_mail (
  org_id uuid not null,
  complaint_id uuid not null,
  message_id uuid not null,
  item_id uuid,
  standing text not null,               -- said, inert, waiting, admitted, dismissed
  class text not null,
  authenticity jsonb not null,
  subject text not null,
  parties jsonb not null,               -- {from, to, cc, replyTo}, each [{name, address}]
  sent_at timestamptz,
  text text not null,                   -- all its words
  html text,                            -- made harmless
  cids jsonb not null default '{}',     -- content id → attachment
  primary key (org_id, complaint_id, message_id),
  foreign key (org_id, complaint_id, message_id) references message (org_id, complaint_id, id) on delete cascade
);
select meta.tenant_wall('message_mail');

-- Doors: asked before an organisation is known, or about addresses that others may have.

create function mailboxes_at(p_addresses text[])
returns table (address text, org_id uuid, mailbox_id uuid, off boolean)
language sql stable security definer set search_path = public, pg_temp as
$$ select a.address, a.org_id, a.mailbox_id, m.off from meta.mailbox_address a
   join mailbox m on m.org_id = a.org_id and m.id = a.mailbox_id where a.address = any (p_addresses) $$;

-- Makes an address that of a mailbox of the running transaction's organisation; false when another has it.
create function claim_mailbox_address(p_mailbox uuid, p_address text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as
$$ begin
  if not exists (select 1 from mailbox where org_id = app_org() and id = p_mailbox) then return false; end if;
  delete from meta.mailbox_address where org_id = app_org() and mailbox_id = p_mailbox and address <> p_address;
  insert into meta.mailbox_address (address, org_id, mailbox_id) values (p_address, app_org(), p_mailbox) on conflict (address) do nothing;
  return exists (select 1 from meta.mailbox_address where address = p_address and org_id = app_org() and mailbox_id = p_mailbox);
end $$;

revoke all on function mailboxes_at, claim_mailbox_address from public;
grant execute on function mailboxes_at, claim_mailbox_address to redress_app, redress_system;
