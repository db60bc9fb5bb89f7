-- Times are milliseconds since 1970 in UTC. Lists and objects are JSON.

CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT,
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    listing_hash TEXT NOT NULL DEFAULT '',
    failures INTEGER NOT NULL DEFAULT 0,
    first_seen_at INTEGER NOT NULL,
    last_poll_at INTEGER,
    last_good_at INTEGER,
    next_poll_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE round (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source (id),
    ended_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('on_topic', 'off_topic', 'silent', 'unreadable')),
    reason TEXT NOT NULL,
    links INTEGER NOT NULL,
    new INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    revised INTEGER NOT NULL,
    messages TEXT NOT NULL,
    seconds REAL NOT NULL
) STRICT;
CREATE INDEX round_by_source ON round (source_id, ended_at);

CREATE TABLE story (
    id INTEGER PRIMARY KEY,
    begun_at INTEGER NOT NULL
) STRICT;

CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    source_id INTEGER NOT NULL REFERENCES source (id),
    story_id INTEGER NOT NULL REFERENCES story (id),
    copy_of INTEGER REFERENCES article (id),
    fingerprint TEXT NOT NULL,
    label TEXT NOT NULL CHECK (label IN ('campaign', 'mentions', 'not')),
    score REAL NOT NULL,
    dated_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    edition TEXT REFERENCES edition (date),
    source_province TEXT,
    content TEXT NOT NULL,
    match TEXT NOT NULL
) STRICT;
CREATE INDEX article_by_fingerprint ON article (fingerprint);
CREATE INDEX article_by_story ON article (story_id);
CREATE INDEX article_untold ON article (dated_at) WHERE edition IS NULL AND label = 'campaign';
CREATE INDEX article_by_label ON article (label, dated_at);

CREATE TABLE revision (
    article_id INTEGER NOT NULL REFERENCES article (id),
    replaced_at INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (article_id, replaced_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE link (
    key TEXT PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source (id),
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    published_at INTEGER,
    modified_at INTEGER,
    found_at INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (
        outcome IN ('pending', 'retry', 'kept', 'rejected', 'same', 'not_article', 'gone', 'given_up')
    ),
    detail TEXT NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER NOT NULL DEFAULT 0,
    article_id INTEGER REFERENCES article (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_to_follow ON link (source_id, next_try_at) WHERE outcome IN ('pending', 'retry');

CREATE TABLE edition (
    date TEXT PRIMARY KEY,
    closed_at INTEGER NOT NULL,
    hash TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    edition TEXT NOT NULL REFERENCES edition (date),
    channel TEXT NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    html TEXT NOT NULL,
    hash TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'refused', 'unknown')),
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    message_id INTEGER,
    changed_at INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (edition, channel, part)
) STRICT, WITHOUT ROWID;

-- letters without marks (SQLite's own folding knows no đ); rowid is the article's id
CREATE VIRTUAL TABLE article_text USING fts5 (
    title, text, tokenize = "unicode61 remove_diacritics 2"
);
