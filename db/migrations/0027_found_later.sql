-- Rows of a run that were made findable: the worker goes on behind this one. What came in before was findable at once.
alter table import_run add column found int not null default 0;
update import_run set found = done;
