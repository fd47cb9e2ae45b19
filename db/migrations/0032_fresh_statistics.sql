-- Plans made while a table was empty read it from end to end when it is not any more, and those of foreign keys are kept for as
-- long as the connection. Whoever writes many rows at once says so: tables that have outgrown their statistics get new ones.
create function fresh_statistics(p_rows int) returns void
language plpgsql security definer set search_path = public, pg_temp as
$$
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
end $$;
revoke all on function fresh_statistics from public;
grant execute on function fresh_statistics to redress_system;
