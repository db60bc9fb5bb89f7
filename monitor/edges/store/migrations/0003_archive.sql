-- what an edition was composed of (JSON); when its files were last written, and their SHA-256 by ending
ALTER TABLE edition ADD COLUMN basis TEXT;
ALTER TABLE edition ADD COLUMN archived_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE edition ADD COLUMN files TEXT NOT NULL DEFAULT '{}';

CREATE INDEX article_by_edition ON article (edition, seen_at) WHERE edition IS NOT NULL;
CREATE INDEX revision_by_time ON revision (replaced_at);

-- told stories as the archive lists them, once for each province they concern ('': the whole country)
CREATE TABLE headline (
    province TEXT NOT NULL,
    edition TEXT NOT NULL REFERENCES edition (date),
    story INTEGER NOT NULL,
    title TEXT NOT NULL,
    papers INTEGER NOT NULL,
    PRIMARY KEY (province, edition, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX headline_by_edition ON headline (edition, province);
-- sqlite only: a PostgreSQL database begins empty here
INSERT OR IGNORE INTO headline (province, edition, story, title, papers)
SELECT coalesce(province.value, ''), edition.date, json_extract(story.value, '$.id'),
    json_extract(story.value, '$.title'),
    (SELECT count(DISTINCT json_extract(telling.value, '$.source')) FROM json_each(story.value, '$.articles') AS telling)
FROM edition JOIN json_each(edition.content, '$.stories') AS story
LEFT JOIN json_each(story.value, '$.provinces') AS province;

-- to which other host a host of sources.yaml was seen to lead
CREATE TABLE redirect (
    host TEXT NOT NULL,
    leads_to TEXT NOT NULL,
    PRIMARY KEY (host, leads_to)
) STRICT, WITHOUT ROWID;

-- 1: looked for in a source's past (`poll --since`)
ALTER TABLE link ADD COLUMN backlog INTEGER NOT NULL DEFAULT 0;
