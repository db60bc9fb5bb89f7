-- since when nobody visits a source, because the operator said so
ALTER TABLE source ADD COLUMN paused_at INTEGER;
