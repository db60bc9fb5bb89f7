-- Why an article stands in its story, and the two indexes by which its story is found.

ALTER TABLE article ADD COLUMN relation TEXT NOT NULL DEFAULT 'origin'
    CHECK (relation IN ('origin', 'copy', 'report'));
ALTER TABLE article ADD COLUMN because TEXT NOT NULL DEFAULT '';
UPDATE article SET relation = 'copy' WHERE copy_of IS NOT NULL;

-- 32-bit hashes of sampled runs of syllables: texts that have one in common may be copies
CREATE TABLE shingle (
    key INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (key, article_id)
) STRICT, WITHOUT ROWID;

-- 32-bit hashes of names, figures and days: reports of one event have some in common
CREATE TABLE clue (
    key INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (key, article_id)
) STRICT, WITHOUT ROWID;
