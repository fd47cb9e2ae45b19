-- Bytes nobody's row names are removed when they were last put long ago; a put of the same bytes makes them young again.
alter table blob_chunk add column put_at timestamptz not null default now();
create index blob_chunk_put on blob_chunk (org_id, put_at) where no = 0;

-- Whether any attachment names a blob, for the foreign key and for the removal of unused files.
create index attachment_blob on attachment (org_id, sha256);
