-- name: vintages
-- Levels and vintages that have areas in publication $1.
SELECT DISTINCT a.level, a.vintage
FROM area AS a
JOIN area_version AS v ON v.area_id = a.id
WHERE v.from_publication <= $1
    AND (v.until_publication IS NULL OR v.until_publication > $1)
ORDER BY a.level, a.vintage;

-- name: partial
-- Levels and vintages in publication $1 of which no load lists all areas.
SELECT a.level, a.vintage
FROM area AS a
JOIN area_version AS v ON v.area_id = a.id
JOIN load AS l ON l.id = v.load_id
WHERE v.from_publication <= $1
    AND (v.until_publication IS NULL OR v.until_publication > $1)
GROUP BY a.level, a.vintage
HAVING NOT bool_or(l.lists_all_areas);

-- name: table
-- Areas of one level and vintage in publication $3, in ordinal order.  $1 level, $2 vintage
SELECT a.id, a.code, a.ordinal, v.name, v.terrain, v.parent_code, v.change, v.load_id,
    s.west, s.south, s.east, s.north, s.longitude, s.latitude, s.load_id AS shape_load_id
FROM area AS a
LEFT JOIN area_version AS v
    ON v.area_id = a.id
    AND v.from_publication <= $3
    AND (v.until_publication IS NULL OR v.until_publication > $3)
LEFT JOIN shape AS s
    ON s.area_id = a.id
    AND s.from_publication <= $3
    AND (s.until_publication IS NULL OR s.until_publication > $3)
WHERE a.level = $1 AND a.vintage = $2
ORDER BY a.ordinal;

-- name: open
-- The open state of all areas of a level and vintage, in ordinal order.  $1 level, $2 vintage
SELECT a.id, a.code, v.name, v.terrain, v.parent_code, v.change, v.load_id, v.from_publication
FROM area AS a
LEFT JOIN area_version AS v ON v.area_id = a.id AND v.until_publication IS NULL
WHERE a.level = $1 AND a.vintage = $2
ORDER BY a.ordinal;

-- name: next_id
SELECT coalesce(max(id), 0) + 1 FROM area;

-- name: close
-- Close the open versions of areas $1 in publication $2.
UPDATE area_version SET until_publication = $2
WHERE area_id = ANY ($1::integer[]) AND until_publication IS NULL AND from_publication < $2;

-- name: forget
-- Remove versions opened earlier in this same publication $2 for areas $1: never seen by anyone.
DELETE FROM area_version WHERE area_id = ANY ($1::integer[]) AND from_publication = $2;
