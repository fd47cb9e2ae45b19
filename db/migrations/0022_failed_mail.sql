-- Mail that was given up is looked for on the health page and by the measures, in a table that keeps all ever sent.
create index outbox_failed on outbox (org_id, created_at) where state = 'failed';
