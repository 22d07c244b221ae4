-- name: try_lock
-- One runner at a time, in this database only; freed with the connection.  $1 key
SELECT pg_try_advisory_lock($1)

-- name: unlock
-- $1 key
SELECT pg_advisory_unlock($1)

-- name: create_ledger
CREATE TABLE IF NOT EXISTS migration (
    number integer PRIMARY KEY,
    file text NOT NULL UNIQUE,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)

-- name: has_ledger
SELECT to_regclass('migration') IS NOT NULL

-- name: applied
SELECT number, file, checksum
FROM migration
ORDER BY number

-- name: record
-- $1 number, $2 file, $3 checksum
INSERT INTO migration (number, file, checksum)
VALUES ($1, $2, $3)
