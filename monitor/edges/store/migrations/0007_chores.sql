-- when each chore of the store (backup, forgetting) was last done
CREATE TABLE chore (
    name TEXT PRIMARY KEY,
    done_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- what refers to an article that is forgotten
CREATE INDEX link_by_article ON link (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX article_by_origin ON article (copy_of) WHERE copy_of IS NOT NULL;
