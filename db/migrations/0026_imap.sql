-- Mailboxes that are fetched by IMAP: how far each got, how it goes, and which process has it in hand
-- (docs/decisions/0031-imap.md). Where it is fetched from stands at the mailbox (imap, secret).

create table imap_state (
  org_id uuid not null,
  mailbox_id uuid not null,
  began_at timestamptz not null,        -- pointed at this server, user and folder; what somebody had read before then may be left out
  validity bigint,                      -- UIDVALIDITY the numbers below count in; null: not looked at yet
  anew int not null default 0,          -- how often the server has numbered its mails anew
  first_uid bigint not null default 0,  -- below it lies what was there at the first look
  done_uid bigint not null default 0,   -- up to it everything is here, or passed over
  unmarked bigint[] not null default '{}', -- here, and not marked or moved at the server yet
  fetched bigint not null default 0,    -- mails that came this way
  looked_at timestamptz,                -- when all that was there had been fetched
  failing_since timestamptz,
  problem text,                         -- a code of src/mail/imap/problem.ts
  said text,                            -- what the server said to it
  leased_by uuid,                       -- a process; leased_until is by the database's clock
  leased_until timestamptz,
  primary key (org_id, mailbox_id),
  foreign key (org_id, mailbox_id) references mailbox (org_id, id) on delete cascade
);
select meta.tenant_wall('imap_state');
