-- Sign-in: global tables, because an account may belong to several organisations. The app role may not touch them: it goes
-- through the functions below, each of which does one thing. Secrets are stored as hashes or sealed, never as they are.

create table auth."user" (
  id text primary key,
  mail text not null unique check (mail = lower(mail)),
  password_hash text,                   -- scrypt$log2N$r$p$salt$hash; null: cannot sign in by password
  password_changed_at timestamptz,
  created_at timestamptz not null
);

create table auth.session (
  id uuid primary key,
  token_hash bytea not null unique,     -- sha256 of the 256-bit token in the cookie
  user_id text not null references auth."user" on delete cascade,
  org_id uuid not null references public.organisation,
  user_agent text not null default '',
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null       -- absolute end
);
create index session_user_id on auth.session (user_id);
create index session_org_id on auth.session (org_id);

create table auth.two_factor (
  user_id text primary key references auth."user" on delete cascade,
  secret bytea not null,                -- sealed with a subkey of the master secret, bound to the user
  confirmed_at timestamptz,             -- null: enrolment begun, not yet asked for at sign-in
  last_step bigint not null default 0,  -- a time step counts once
  created_at timestamptz not null
);

create table auth.recovery_code (
  user_id text not null references auth."user" on delete cascade,
  hash bytea not null,
  used_at timestamptz,
  primary key (user_id, hash)
);

-- Between the right password and the second factor.
create table auth.challenge (
  hash bytea primary key,
  user_id text not null references auth."user" on delete cascade,
  attempts int not null default 0,
  expires_at timestamptz not null
);
create index challenge_user_id on auth.challenge (user_id);
create index challenge_expiry on auth.challenge (expires_at);

-- Tries counted by keyed hash of what is tried (account and network address): no address is stored.
create table auth.attempt (
  key bytea primary key,
  failures int not null,
  last_at timestamptz not null,
  blocked_until timestamptz not null
);
create index attempt_age on auth.attempt (last_at);

-- Accounts

create function auth.credential(p_mail text)
returns table (user_id text, password_hash text, totp boolean)
language sql stable security definer set search_path = auth, pg_temp as
$$
  select u.id, u.password_hash, exists (select 1 from auth.two_factor f where f.user_id = u.id and f.confirmed_at is not null)
  from auth."user" u where u.mail = p_mail
$$;

-- False when the address has an account already.
create function auth.create_user(p_id text, p_mail text, p_password_hash text, p_at timestamptz) returns boolean
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  insert into auth."user" (id, mail, password_hash, password_changed_at, created_at)
  values (p_id, p_mail, p_password_hash, case when p_password_hash is not null then p_at end, p_at) on conflict do nothing;
  return found;
end $$;

-- Whether the account belongs to a member of the running transaction's organisation: nobody reaches into another's.
create function auth.is_ours(p_user text) returns boolean
language sql stable security definer set search_path = public, pg_temp as
$$ select exists (select 1 from public.staff s where s.org_id = public.app_org() and s.user_id = p_user) $$;

create function auth.set_password(p_user text, p_password_hash text, p_at timestamptz) returns boolean
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  update auth."user" set password_hash = p_password_hash, password_changed_at = p_at where id = p_user and auth.is_ours(p_user);
  return found;
end $$;

-- False when the address belongs to another account.
create function auth.set_mail(p_user text, p_mail text) returns boolean
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  update auth."user" set mail = p_mail where id = p_user and auth.is_ours(p_user);
  return found;
exception when unique_violation then return false;
end $$;

create function auth.account(p_user text)
returns table (password_hash text, totp boolean, codes_left int)
language sql stable security definer set search_path = auth, pg_temp as
$$
  select u.password_hash, exists (select 1 from auth.two_factor f where f.user_id = u.id and f.confirmed_at is not null),
    (select count(*)::int from auth.recovery_code c where c.user_id = u.id and c.used_at is null)
  from auth."user" u where u.id = p_user and auth.is_ours(p_user)
$$;

-- Sessions

create function auth.open_session(p_id uuid, p_hash bytea, p_user text, p_agent text, p_at timestamptz, p_expires timestamptz) returns void
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  if not auth.is_ours(p_user) then raise exception 'a session opens only in the account''s organisation'; end if;
  delete from auth.session where user_id = p_user and expires_at < p_at;
  insert into auth.session (id, token_hash, user_id, org_id, user_agent, created_at, last_used_at, expires_at)
  values (p_id, p_hash, p_user, public.app_org(), p_agent, p_at, p_at, p_expires);
end $$;

-- The session and everything a request needs to know of its actor, in one query. Nothing when it is over or the account inactive.
create function auth.session_by_token(p_hash bytea, p_now timestamptz, p_idle_since timestamptz)
returns table (session_id uuid, user_id text, last_used_at timestamptz, org_id uuid, org_slug text, org_no int, staff_id uuid, name text, mail text,
  locale text, zone text, roles text[], teams uuid[], chain uuid[], scopes jsonb)
language sql stable security definer set search_path = auth, public, pg_temp as
$$
  select x.id, x.user_id, x.last_used_at, s.org_id, s.org_slug, s.org_no, s.staff_id, s.name, s.mail, s.locale, s.zone, s.roles, s.teams, s.chain, s.scopes
  from auth.session x cross join lateral public.staff_by_user(x.user_id) s
  where x.token_hash = p_hash and x.expires_at > p_now and x.last_used_at > p_idle_since and s.org_id = x.org_id
$$;

create function auth.touch_session(p_id uuid, p_at timestamptz) returns void
language sql security definer set search_path = auth, pg_temp as
$$ update auth.session set last_used_at = p_at where id = p_id and last_used_at < p_at $$;

create function auth.sessions_of(p_user text, p_now timestamptz, p_idle_since timestamptz)
returns table (id uuid, user_agent text, created_at timestamptz, last_used_at timestamptz, expires_at timestamptz)
language sql stable security definer set search_path = auth, pg_temp as
$$
  select id, user_agent, created_at, last_used_at, expires_at from auth.session
  where user_id = p_user and org_id = public.app_org() and expires_at > p_now and last_used_at > p_idle_since order by last_used_at desc limit 100
$$;

create function auth.close_session(p_user text, p_id uuid) returns boolean
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  delete from auth.session where id = p_id and user_id = p_user and auth.is_ours(p_user);
  return found;
end $$;

create function auth.close_session_by_token(p_hash bytea) returns void
language sql security definer set search_path = auth, pg_temp as
$$ delete from auth.session where token_hash = p_hash $$;

-- All sessions of the account but one (null: all), and its half-done sign-ins.
create function auth.close_sessions(p_user text, p_except uuid) returns int
language plpgsql security definer set search_path = auth, pg_temp as
$$ declare n int; begin
  if not auth.is_ours(p_user) then return 0; end if;
  delete from auth.challenge where user_id = p_user;
  delete from auth.session where user_id = p_user and id is distinct from p_except;
  get diagnostics n = row_count;
  return n;
end $$;

-- Second factor

create function auth.open_challenge(p_hash bytea, p_user text, p_at timestamptz, p_expires timestamptz) returns void
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  delete from auth.challenge where expires_at < p_at;
  insert into auth.challenge (hash, user_id, expires_at) values (p_hash, p_user, p_expires);
end $$;

-- Counts a try and gives what is needed to check it; nothing when the challenge is over or was tried too often.
create function auth.try_challenge(p_hash bytea, p_now timestamptz, p_most int)
returns table (user_id text, secret bytea)
language sql security definer set search_path = auth, pg_temp as
$$
  with tried as (
    update auth.challenge c set attempts = attempts + 1 where c.hash = p_hash and c.expires_at > p_now and c.attempts < p_most returning c.user_id
  ) select t.user_id, f.secret from tried t join auth.two_factor f on f.user_id = t.user_id and f.confirmed_at is not null
$$;

create function auth.close_challenge(p_hash bytea) returns boolean
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  delete from auth.challenge where hash = p_hash;
  return found;
end $$;

create function auth.two_factor_of(p_user text)
returns table (secret bytea, confirmed boolean)
language sql stable security definer set search_path = auth, pg_temp as
$$ select secret, confirmed_at is not null from auth.two_factor where user_id = p_user and auth.is_ours(p_user) $$;

-- Begins enrolment; false when a confirmed factor is there (it must be turned off first).
create function auth.begin_two_factor(p_user text, p_secret bytea, p_at timestamptz) returns boolean
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  if not auth.is_ours(p_user) then return false; end if;
  insert into auth.two_factor as f (user_id, secret, created_at) values (p_user, p_secret, p_at)
  on conflict (user_id) do update set secret = p_secret, created_at = p_at, last_step = 0 where f.confirmed_at is null;
  return found;
end $$;

-- False when this time step, or a later one, was used before: a code that was seen over the shoulder is worth nothing.
create function auth.use_totp_step(p_user text, p_step bigint) returns boolean
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  update auth.two_factor set last_step = p_step where user_id = p_user and last_step < p_step;
  return found;
end $$;

create function auth.use_recovery_code(p_user text, p_hash bytea, p_at timestamptz) returns boolean
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  update auth.recovery_code set used_at = p_at where user_id = p_user and hash = p_hash and used_at is null;
  return found;
end $$;

create function auth.confirm_two_factor(p_user text, p_codes bytea[], p_at timestamptz) returns boolean
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  update auth.two_factor set confirmed_at = p_at where user_id = p_user and confirmed_at is null and auth.is_ours(p_user);
  if not found then return false; end if;
  delete from auth.recovery_code where user_id = p_user;
  insert into auth.recovery_code (user_id, hash) select p_user, h from unnest(p_codes) h;
  return true;
end $$;

create function auth.drop_two_factor(p_user text) returns boolean
language plpgsql security definer set search_path = auth, pg_temp as
$$ begin
  if not auth.is_ours(p_user) then return false; end if;
  delete from auth.recovery_code where user_id = p_user;
  delete from auth.two_factor where user_id = p_user;
  return found;
end $$;

-- Tries: counted before they are checked, so that many at once do not slip through. Gives milliseconds to wait (0: go on).
-- After p_free tries the wait doubles from 1 s to 15 min; an hour without a try forgets.
create function auth.begin_try(p_key bytea, p_free int, p_now timestamptz) returns int
language plpgsql security definer set search_path = auth, pg_temp as
$$ declare a auth.attempt; n int; begin
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
end $$;

create function auth.forget_try(p_key bytea) returns void
language sql security definer set search_path = auth, pg_temp as
$$ delete from auth.attempt where key = p_key $$;

-- It was no failure after all: colleagues behind one address do not use up each other's tries.
create function auth.undo_try(p_key bytea) returns void
language sql security definer set search_path = auth, pg_temp as
$$ update auth.attempt set failures = greatest(failures - 1, 0), blocked_until = last_at where key = p_key $$;

-- A new organisation's short number. The lock makes setting up one at a time; it ends with the transaction.
create function auth.next_organisation_no() returns int
language plpgsql security definer set search_path = public, pg_temp as
$$ begin
  perform pg_advisory_xact_lock(7316502);
  return (select coalesce(max(no), 0) + 1 from public.organisation);
end $$;

revoke all on all functions in schema auth from public;
grant execute on all functions in schema auth to redress_app, redress_system;
revoke all on all tables in schema auth from redress_app;
