-- name: open
-- Checksums of the open shapes of a level and vintage.  $1 level, $2 vintage
SELECT s.area_id, s.checksum, s.load_id
FROM shape AS s
JOIN area AS a ON a.id = s.area_id
WHERE a.level = $1 AND a.vintage = $2 AND s.until_publication IS NULL;

-- name: close
UPDATE shape SET until_publication = $2
WHERE area_id = ANY ($1::integer[]) AND until_publication IS NULL AND from_publication < $2;

-- name: forget
DELETE FROM shape WHERE area_id = ANY ($1::integer[]) AND from_publication = $2;

-- name: overview_crs84
-- $1 area ids, $2 publication
SELECT area_id, overview_crs84 FROM shape
WHERE area_id = ANY ($1::integer[]) AND from_publication <= $2
    AND (until_publication IS NULL OR until_publication > $2);

-- name: medium_crs84
SELECT area_id, medium_crs84 FROM shape
WHERE area_id = ANY ($1::integer[]) AND from_publication <= $2
    AND (until_publication IS NULL OR until_publication > $2);

-- name: full_crs84
SELECT area_id, full_crs84 FROM shape
WHERE area_id = ANY ($1::integer[]) AND from_publication <= $2
    AND (until_publication IS NULL OR until_publication > $2);

-- name: overview_rd
SELECT area_id, overview_rd FROM shape
WHERE area_id = ANY ($1::integer[]) AND from_publication <= $2
    AND (until_publication IS NULL OR until_publication > $2);

-- name: medium_rd
SELECT area_id, medium_rd FROM shape
WHERE area_id = ANY ($1::integer[]) AND from_publication <= $2
    AND (until_publication IS NULL OR until_publication > $2);

-- name: full_rd
SELECT area_id, full_rd FROM shape
WHERE area_id = ANY ($1::integer[]) AND from_publication <= $2
    AND (until_publication IS NULL OR until_publication > $2);
