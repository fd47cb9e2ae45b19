-- Who was merged into a customer: asked whenever a complaint of theirs is opened. Few were merged, so the index is small.

create index customer_merged on customer (org_id, merged_into) where merged_into is not null;
