-- Rows of a run that could not be made findable and were passed over, so that those behind them are (docs/decisions/0027-import.md).
alter table import_run add column unfindable int not null default 0;
