-- name: inputs
-- What the tiles of each level and vintage are made from: a digest, and the size of the shapes.
SELECT a.level, a.vintage, sum(octet_length(s.full_rd)) AS bytes,
    sha256(string_agg(
        convert_to(a.code || E'\n' || coalesce(v.name, '') || E'\n', 'UTF8') || s.checksum,
        ''::bytea ORDER BY a.code
    )) AS digest
FROM shape AS s
JOIN area AS a ON a.id = s.area_id
LEFT JOIN area_version AS v ON v.area_id = a.id AND v.until_publication IS NULL
WHERE s.until_publication IS NULL AND a.level IN ('gemeente', 'wijk', 'buurt')
GROUP BY a.level, a.vintage
ORDER BY bytes DESC, a.level, a.vintage;

-- name: areas
-- The open areas of a level and vintage that have a shape, in order of code.  $1 level, $2 vintage
SELECT a.code, coalesce(v.name, '') AS name, s.full_rd
FROM shape AS s
JOIN area AS a ON a.id = s.area_id
LEFT JOIN area_version AS v ON v.area_id = a.id AND v.until_publication IS NULL
WHERE s.until_publication IS NULL AND a.level = $1 AND a.vintage = $2
ORDER BY a.code;

-- name: open_sets
-- Levels and vintages that have tiles now, and what those were made from.
SELECT level, vintage, inputs FROM tileset WHERE until_publication IS NULL;

-- name: insert_set
-- $1 level, $2 vintage, $3 publication, $4 digest
INSERT INTO tileset (level, vintage, from_publication, inputs) VALUES ($1, $2, $3, $4);

-- name: close_set
-- $1 level, $2 vintage, $3 publication
UPDATE tileset SET until_publication = $3
WHERE level = $1 AND vintage = $2 AND until_publication IS NULL;

-- name: open
-- Checksums of the open tiles of a level and vintage.  $1 level, $2 vintage
SELECT matrix_set, zoom, y, x, checksum
FROM tile
WHERE level = $1 AND vintage = $2 AND until_publication IS NULL;

-- name: close
-- Close open tiles: one for each position in $4 to $7.  $1 level, $2 vintage, $3 publication
UPDATE tile SET until_publication = $3
FROM unnest($4::text[], $5::smallint[], $6::integer[], $7::integer[])
    AS gone (matrix_set, zoom, y, x)
WHERE tile.level = $1
    AND tile.vintage = $2
    AND tile.matrix_set = gone.matrix_set
    AND tile.zoom = gone.zoom
    AND tile.y = gone.y
    AND tile.x = gone.x
    AND tile.until_publication IS NULL;

-- name: at
-- One tile in publication $7.  $1 level, $2 vintage, $3 matrix set, $4 zoom, $5 row, $6 column
SELECT t.checksum, t.body, p.published_at
FROM tile AS t
LEFT JOIN publication AS p ON p.number = t.from_publication
WHERE t.level = $1
    AND t.vintage = $2
    AND t.matrix_set = $3
    AND t.zoom = $4
    AND t.y = $5
    AND t.x = $6
    AND t.from_publication <= $7
    AND (t.until_publication IS NULL OR t.until_publication > $7);

-- name: has_set
-- Whether a level and vintage have tiles in publication $3.  $1 level, $2 vintage
SELECT EXISTS (
    SELECT
    FROM tileset
    WHERE level = $1
        AND vintage = $2
        AND from_publication <= $3
        AND (until_publication IS NULL OR until_publication > $3)
);

-- name: limits
-- First and last row and column of the tiles of each zoom in publication $4.
-- $1 level, $2 vintage, $3 matrix set
SELECT zoom, min(y) AS first_row, max(y) AS last_row, min(x) AS first_column, max(x) AS last_column
FROM tile
WHERE level = $1
    AND vintage = $2
    AND matrix_set = $3
    AND from_publication <= $4
    AND (until_publication IS NULL OR until_publication > $4)
GROUP BY zoom
ORDER BY zoom;
