-- An item names its complaint from the start, though its row is written first: the reference is looked at on COMMIT, which
-- saves every intake an UPDATE of a row just written.
alter table inbound_item alter constraint inbound_item_org_id_complaint_id_fkey deferrable initially deferred;
