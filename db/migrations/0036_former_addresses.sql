-- An address that a mailbox had before stays that mailbox's: mail to it, answers to its reply addresses too, comes there still,
-- and no other organisation can claim it.
alter table meta.mailbox_address add former_since timestamptz;

drop function claim_mailbox_address(uuid, text);
-- Makes an address that of a mailbox of the running transaction's organisation; false when another has it. The one it had before
-- is a former one from then on.
create function claim_mailbox_address(p_mailbox uuid, p_address text, p_at timestamptz default now()) returns boolean
language plpgsql security definer set search_path = public, pg_temp as
$$ begin
  if not exists (select 1 from mailbox where org_id = app_org() and id = p_mailbox) then return false; end if;
  update meta.mailbox_address set former_since = p_at
    where org_id = app_org() and mailbox_id = p_mailbox and address <> p_address and former_since is null;
  insert into meta.mailbox_address as a (address, org_id, mailbox_id) values (p_address, app_org(), p_mailbox)
    on conflict (address) do update set mailbox_id = p_mailbox, former_since = null
    where a.org_id = app_org() and (a.mailbox_id = p_mailbox or a.former_since is not null);
  return exists (select 1 from meta.mailbox_address
    where address = p_address and org_id = app_org() and mailbox_id = p_mailbox and former_since is null);
end $$;

-- The addresses the mailboxes of this organisation had before.
create function former_mailbox_addresses() returns table (mailbox_id uuid, address text, since timestamptz)
language sql stable security definer set search_path = public, pg_temp as
$$ select a.mailbox_id, a.address, a.former_since from meta.mailbox_address a
   where a.org_id = app_org() and a.former_since is not null $$;

revoke all on function claim_mailbox_address, former_mailbox_addresses from public;
grant execute on function claim_mailbox_address, former_mailbox_addresses to redress_app, redress_system;
