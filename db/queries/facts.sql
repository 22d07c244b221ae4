-- name: at
-- All facts in publication $1.
SELECT kind, key, body
FROM fact
WHERE from_publication <= $1 AND (until_publication IS NULL OR until_publication > $1)
ORDER BY kind, key;

-- name: open
SELECT kind, key, body FROM fact WHERE until_publication IS NULL;

-- name: close
-- $1 kind, $2 keys, $3 publication
UPDATE fact SET until_publication = $3
WHERE kind = $1 AND key = ANY ($2::text[]) AND until_publication IS NULL;

-- name: insert
-- $1 kind, $2 key, $3 publication, $4 body
INSERT INTO fact (kind, key, from_publication, body) VALUES ($1, $2, $3, $4);
