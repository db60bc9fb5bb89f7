-- where a source was last visited, at which interval, the hashes of what its listing held (JSON),
-- and how often two visits in a row shared nothing
ALTER TABLE source ADD COLUMN url TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN interval_ms INTEGER;
ALTER TABLE source ADD COLUMN items TEXT NOT NULL DEFAULT '[]';
ALTER TABLE source ADD COLUMN possible_gaps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN gap_at INTEGER;
