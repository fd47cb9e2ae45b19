-- Mail out: what a mail says, where an organisation has words of its own, and what automatic mail looks at before it leaves
-- (docs/decisions/0030-mail-out.md).

create table mail_template (
  org_id uuid not null references organisation,
  kind text not null,                   -- acknowledgement, reply, notice
  locale text not null,
  subject text not null,
  body text not null,                   -- light markup with {{names}}
  version int not null,
  primary key (org_id, kind, locale)
);
select meta.tenant_wall('mail_template');

-- Said by the program itself. Counted by address and hour before another one leaves.
alter table outbox add column automatic boolean not null default false;
create index outbox_automatic on outbox (org_id, lower(recipient), created_at) where automatic;
create index outbox_automatic_at on outbox (org_id, created_at) where automatic;

-- Mails an administrator sends to try templates and the way out; gone after a day.
create table mail_test (
  org_id uuid not null references organisation,
  id uuid not null,
  staff_id uuid,
  recipient text not null,
  mailbox_id uuid,
  letter jsonb not null,                -- subject, text, html
  state text not null,                  -- waiting, sent, failed
  error text,
  created_at timestamptz not null,
  settled_at timestamptz,
  primary key (org_id, id)
);
select meta.tenant_wall('mail_test');
