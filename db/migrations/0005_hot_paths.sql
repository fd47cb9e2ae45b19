-- Found by the benches (docs/decisions/0010-hot-queries.md).

-- Sixteen band rows come with every complaint: their foreign key was the dearest check of an intake. They are likeness
-- keys that can be made again from the text, and a band without its complaint is joined away.
alter table text_band drop constraint text_band_org_id_complaint_id_fkey;

-- A type chosen in the list, closed ones included: without it every complaint there ever was is read for a rare type.
create index complaint_type on complaint (org_id, type_code, received_at desc, id desc);
