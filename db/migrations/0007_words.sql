-- Words that are no message, as they were written each time: a later title or answer replaces what is shown, never these.
-- The event that wrote them holds id and salted hash; erasing empties text here and where it is shown.
create table complaint_words (
  org_id uuid not null,
  complaint_id uuid not null,
  id uuid not null,
  kind text not null,                   -- title, order_no, summary, answer
  point_id uuid,                        -- of an answer
  text text not null,
  salt bytea not null,
  primary key (org_id, complaint_id, id),
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
select meta.tenant_wall('complaint_words');
