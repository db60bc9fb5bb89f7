-- the digest of an article's letters, by which nothing is looked for
DROP INDEX article_by_fingerprint;
ALTER TABLE article DROP COLUMN fingerprint;
