-- Thousands of mails that came in one moment are taken in hand without sorting them each time, and the list of new words is
-- emptied before it is so long that whoever's turn it is waits for it (docs/decisions/0026-mail-in.md).

drop index inbound_mail_due;
create index inbound_mail_due on inbound_mail (org_id, next_try_at, item_id) where next_try_at is not null;
alter index search_row_tsv set (gin_pending_list_limit = 1024);
