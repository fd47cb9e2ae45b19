-- A history that is brought in: one row a run, what became of its rows, and the rows that could not be taken.

create table import_run (
  org_id uuid not null references organisation,
  id uuid not null,
  -- The name under which ids of the source are unique: "zendesk", "old-desk". With a row's id it is the same item for ever.
  source text not null,
  file_name text not null,
  -- The bytes in the blob store; null where the file stayed with whoever ran the command.
  blob bytea,
  file_hash bytea not null,
  format jsonb not null,                -- how it is read: {kind, encoding, delimiter, sheet …}
  mapping jsonb not null,
  state text not null,                  -- ready · running · stopped · failed · done · undone
  total int,                            -- rows in the file, once they were counted
  done int not null default 0,          -- rows settled: a run goes on behind this one
  imported int not null default 0,
  known int not null default 0,         -- had been imported before
  changed int not null default 0,       -- had been imported before, with other words or dates
  bad int not null default 0,
  flawed int not null default 0,        -- imported, and left out of durations
  busy_ms bigint not null default 0,
  reason text,
  staff_id uuid,
  created_at timestamptz not null,
  started_at timestamptz,
  beat_at timestamptz,                  -- when it last said that it is alive
  ended_at timestamptz,
  primary key (org_id, id)
);
create index import_run_newest on import_run (org_id, created_at desc);
select meta.tenant_wall('import_run');

-- Which complaint came of which row. `flaw`: why its instants say nothing of how long it took.
create table import_item (
  org_id uuid not null,
  complaint_id uuid not null,
  run_id uuid not null,
  no int not null,
  source_id text not null,
  flaw text,
  primary key (org_id, complaint_id),
  -- None to its run: a check a row more, and runs are never taken away.
  foreign key (org_id, complaint_id) references complaint (org_id, id)
);
create index import_item_run on import_item (org_id, run_id, no);
select meta.tenant_wall('import_item');

-- Rows that could not be taken, as they were read, with what is wrong in which column: to be mended and imported alone.
create table import_bad (
  org_id uuid not null,
  run_id uuid not null,
  no int not null,
  row jsonb not null,
  problems jsonb not null,              -- [{column, value, code}]
  primary key (org_id, run_id, no),
  foreign key (org_id, run_id) references import_run (org_id, id) on delete cascade
);
select meta.tenant_wall('import_bad');
