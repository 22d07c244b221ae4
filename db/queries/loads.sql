-- name: up_to
-- All loads up to and including publication $1.
SELECT id, publication, dataset, source, publisher_table, title, vintage, location, retrieved_at,
    modified, checksum, rank, note_nl, note_en, reconciliation
FROM load
WHERE publication <= $1
ORDER BY id;

-- name: insert
INSERT INTO load (
    id, publication, dataset, source, publisher_table, title, vintage, location, retrieved_at,
    modified, checksum, rank, lists_all_areas, note_nl, note_en, rows_read, rows_accepted,
    rows_rejected, reconciliation
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- name: set_reconciliation
-- The account is complete only after its cells were merged.  $1 load, $2 account
UPDATE load SET reconciliation = $2 WHERE id = $1;

-- name: next_id
SELECT coalesce(max(id), 0) + 1 FROM load;

-- name: ranks
-- Rank and dataset of every load.
SELECT id, rank, dataset FROM load;

-- name: record_attempt
INSERT INTO attempt (dataset, at, outcome, message, checksum, recipe, publication)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: last_attempt
-- The newest attempt that ended with the dataset in the store as it was fetched.
SELECT checksum, recipe
FROM attempt
WHERE dataset = $1 AND outcome IN ('published', 'unchanged')
ORDER BY id DESC
LIMIT 1;

-- name: newest_attempts
-- Of each dataset the newest attempt; drawing and linking, which are noted beside them, are none.
SELECT DISTINCT ON (dataset) dataset, at, outcome
FROM attempt
WHERE dataset NOT LIKE 'tiles-%' AND dataset NOT LIKE 'links-%'
ORDER BY dataset, id DESC;

-- name: forget
-- A load that changed nothing leaves no trace but its attempt.
DELETE FROM load WHERE id = $1;
