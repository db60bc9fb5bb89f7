-- on many machines: when each address that is visited may be asked next, by whichever worker
-- unlogged: machine
CREATE TABLE machine (
    address TEXT PRIMARY KEY,
    free_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
