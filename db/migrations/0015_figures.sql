-- What figures look for among all events and clocks: those taken up again, answers taken back, answers by date, clocks that ran
-- over by date. Partial, so that an intake writes into none of them (docs/decisions/0014-figures.md).
create index complaint_event_turned on complaint_event (org_id, complaint_id) where type in ('reopened', 'review_requested', 'went_outside');
create index complaint_event_cancelled on complaint_event (org_id) where type = 'reply_cancelled';
create index complaint_event_answered on complaint_event (org_id, at) include (complaint_id, seq) where type in ('responded', 'finalised');
create index clock_breached on clock (org_id, breached_at) include (complaint_id) where breached_at is not null;
create index complaint_closed on complaint (org_id, closed_at) where not open;
