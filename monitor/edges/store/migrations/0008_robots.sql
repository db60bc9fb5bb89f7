-- what robots.txt of each site said, asked for once a day
CREATE TABLE robots (
    origin TEXT NOT NULL PRIMARY KEY,
    content TEXT NOT NULL,
    fetched_at INTEGER NOT NULL
) STRICT;
