-- the hours of the week (UTC, 0 begins on Monday) in which a source's feed asks not to be visited (JSON)
ALTER TABLE source ADD COLUMN quiet_hours TEXT NOT NULL DEFAULT '[]';
