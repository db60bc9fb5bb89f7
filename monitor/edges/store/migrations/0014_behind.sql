-- since when a source may hold articles that were never seen, NULL when none; how often such a gap could not be
-- filled, and the last one's beginning and end
ALTER TABLE source ADD COLUMN behind_since INTEGER;
ALTER TABLE source ADD COLUMN unfilled_gaps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN unfilled_from INTEGER;
ALTER TABLE source ADD COLUMN unfilled_until INTEGER;
