-- what the operator is to be told in the admin chat; choices are buttons, as JSON
CREATE TABLE alert (
    topic TEXT NOT NULL,
    text TEXT NOT NULL,
    choices TEXT NOT NULL DEFAULT '[]',
    raised_at INTEGER NOT NULL,
    sent_at INTEGER,
    over INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, text)
) STRICT, WITHOUT ROWID;

-- a Telegram chat as it is written in the settings: the number it has since it moved, when it may be called again
CREATE TABLE chat (
    name TEXT PRIMARY KEY,
    number INTEGER,
    free_at INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
