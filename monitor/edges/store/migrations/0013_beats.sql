-- the last sign of life of the process that works on a host, and why it visits nothing ('': it does)
CREATE TABLE beat (
    host TEXT PRIMARY KEY,
    beat_at INTEGER NOT NULL,
    held TEXT NOT NULL
) STRICT, WITHOUT ROWID;
DELETE FROM chore WHERE name = 'trial';
