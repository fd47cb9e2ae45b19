-- The job tables have row-level security of their own; what /metrics tells of them comes through one door.
create function job_measures() returns table (waiting bigint, oldest_seconds double precision, dead bigint)
language sql stable security definer set search_path = public, pg_temp as
$$
  select count(*) filter (where run_at <= now() and attempts < max_attempts),
    coalesce(max(extract(epoch from now() - run_at)) filter (where run_at <= now() and attempts < max_attempts), 0)::float8,
    count(*) filter (where attempts >= max_attempts)
  from graphile_worker.jobs
$$;
revoke all on function job_measures from public;
grant execute on function job_measures to redress_system;

-- Customers by the beginning of their name; compared by range, because LIKE is not leakproof and RLS would hide the index.
create index customer_name on customer (org_id, name);
