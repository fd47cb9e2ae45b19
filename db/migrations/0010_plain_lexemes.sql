-- Lexemes hardly compress (2,184 bytes as text, 2,466 as kept): trying costs every intake and every ranked search more than it saves.
alter table search_row alter column tsv set storage external;
