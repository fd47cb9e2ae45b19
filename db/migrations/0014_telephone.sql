-- Who answers for a clock, where that is not simply the owner of the complaint: of a promise, or the person it is handed to.
alter table clock add column owner_id uuid;
-- "What did I promise, what was handed to me": few rows, read with every look at the inbox.
create index clock_owned on clock (org_id, owner_id, due_at) where owner_id is not null and ended_at is null;

-- Of a call, beside its words: number, outcome, start, length, consent, recording. The event holds a salted hash of it.
alter table message add column call jsonb;

-- On the telephone three digits are said, or nine: both ends of what a number is found by.
insert into identity_key (org_id, key, customer_id)
  select distinct i.org_id, right(d.digits, n), i.customer_id
  from customer_identity i
    cross join lateral (select regexp_replace(i.norm, '\D', '', 'g') as digits) d
    cross join unnest(array[3, 9]) as n
  where i.kind = 'phone' and length(d.digits) >= n
  on conflict do nothing;
