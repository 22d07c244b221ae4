-- name: vintages
-- Levels and vintages that have areas in publication $1, and whether a load lists them all.
-- Steps along the index from one level and vintage to the next, and to the first area that will do
-- (which is what the ORDER BY is for): to read every area of 15 vintages took 170 ms.
WITH RECURSIVE kind AS (
    (SELECT a.level, a.vintage FROM area AS a ORDER BY a.level, a.vintage LIMIT 1)
    UNION ALL
    SELECT following.level, following.vintage
    FROM kind AS k
    CROSS JOIN LATERAL (
        SELECT a.level, a.vintage
        FROM area AS a
        WHERE (a.level, a.vintage) > (k.level, k.vintage)
        ORDER BY a.level, a.vintage
        LIMIT 1
    ) AS following
)
SELECT k.level, k.vintage, whole.load_id IS NOT NULL AS is_whole
FROM kind AS k
CROSS JOIN LATERAL (
    SELECT v.area_id
    FROM area AS a
    JOIN area_version AS v ON v.area_id = a.id
    WHERE a.level = k.level AND a.vintage = k.vintage
        AND v.from_publication <= $1
        AND (v.until_publication IS NULL OR v.until_publication > $1)
    ORDER BY a.ordinal
    LIMIT 1
) AS any_area
LEFT JOIN LATERAL (
    SELECT v.load_id
    FROM area AS a
    JOIN area_version AS v ON v.area_id = a.id
    JOIN load AS l ON l.id = v.load_id
    WHERE a.level = k.level AND a.vintage = k.vintage
        AND l.lists_all_areas
        AND v.from_publication <= $1
        AND (v.until_publication IS NULL OR v.until_publication > $1)
    ORDER BY a.ordinal
    LIMIT 1
) AS whole ON true
ORDER BY k.level, k.vintage;

-- name: table
-- Areas of one level and vintage in publication $3 as one row of columns, in ordinal order.
-- $1 level, $2 vintage
SELECT array_agg(a.id ORDER BY a.ordinal) AS id,
    array_agg(a.code ORDER BY a.ordinal) AS code,
    array_agg(v.name ORDER BY a.ordinal) AS name,
    array_agg(v.terrain ORDER BY a.ordinal) AS terrain,
    array_agg(v.parent_code ORDER BY a.ordinal) AS parent_code,
    array_agg(v.change ORDER BY a.ordinal) AS change,
    array_agg(v.load_id ORDER BY a.ordinal) AS load_id,
    array_agg(s.load_id ORDER BY a.ordinal) AS shape_load_id,
    array_agg(s.west ORDER BY a.ordinal) AS west,
    array_agg(s.south ORDER BY a.ordinal) AS south,
    array_agg(s.east ORDER BY a.ordinal) AS east,
    array_agg(s.north ORDER BY a.ordinal) AS north,
    array_agg(s.longitude ORDER BY a.ordinal) AS longitude,
    array_agg(s.latitude ORDER BY a.ordinal) AS latitude
FROM area AS a
LEFT JOIN area_version AS v
    ON v.area_id = a.id
    AND v.from_publication <= $3
    AND (v.until_publication IS NULL OR v.until_publication > $3)
LEFT JOIN shape AS s
    ON s.area_id = a.id
    AND s.from_publication <= $3
    AND (s.until_publication IS NULL OR s.until_publication > $3)
WHERE a.level = $1 AND a.vintage = $2;

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
