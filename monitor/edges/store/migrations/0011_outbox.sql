-- the highest id known in the channel before the first attempt; when the last request was made and when it arrived;
-- how often it was looked for in vain, and for twins; what it is to read and what it reads instead of `html`
ALTER TABLE message ADD COLUMN floor_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN started_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN sent_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN looks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN sweeps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN desired TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN shown TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN noted_at INTEGER NOT NULL DEFAULT 0;
UPDATE message SET noted_at = changed_at, sweeps = 99;

-- the highest id known in it; which ways of reading it work, found out when; where the second bot's updates go on
ALTER TABLE chat ADD COLUMN last_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN ways TEXT NOT NULL DEFAULT '';
ALTER TABLE chat ADD COLUMN tested_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN next_update INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN listened_at INTEGER NOT NULL DEFAULT 0;

-- what the second bot saw in a channel
CREATE TABLE sighting (
    channel TEXT NOT NULL,
    message_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (channel, message_id)
) STRICT, WITHOUT ROWID;
