-- Files that an export tells of: those that were brought along, and those that were not.
alter table import_run add files int not null default 0;
alter table import_run add files_left int not null default 0;
