-- Replies kept for a repetition hold no receipt code: it is derived again.
update idempotency set reply = reply - 'secret' where reply ? 'secret';
