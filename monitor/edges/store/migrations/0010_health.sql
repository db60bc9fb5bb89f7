-- how a source stands: its last round, masks of what its last pages gave (JSON, newest last), the other
-- host to which its address leads, and whether its listing tells dates that cannot be true
ALTER TABLE source ADD COLUMN state TEXT;
ALTER TABLE source ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN pages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE source ADD COLUMN landed TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN misdated INTEGER NOT NULL DEFAULT 0;
UPDATE source SET state = (SELECT state FROM round WHERE source_id = source.id ORDER BY ended_at DESC, id DESC LIMIT 1);
UPDATE source SET reason = coalesce(
    (SELECT reason FROM round WHERE source_id = source.id ORDER BY ended_at DESC, id DESC LIMIT 1), '');

-- how many new links a source's days (UTC) brought
CREATE TABLE volume (
    source_id INTEGER NOT NULL REFERENCES source (id),
    date TEXT NOT NULL,
    new INTEGER NOT NULL,
    PRIMARY KEY (source_id, date)
) STRICT, WITHOUT ROWID;

-- the last good page of a source, and the first bad one after it, packed with zlib
CREATE TABLE specimen (
    source_id INTEGER NOT NULL REFERENCES source (id),
    good INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    url TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (source_id, good)
) STRICT;
