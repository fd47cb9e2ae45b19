-- First replies that went out after the end: hardly any, and the only ones that times to the first reply would have to look for
-- among all that has ended.
create index complaint_replied_late on complaint (org_id, first_reply_at) where first_reply_at > closed_at;
