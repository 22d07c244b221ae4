-- name: series
-- Years of every open block of indicators $1.
SELECT s.id, s.indicator, s.level, s.vintage, b.periods
FROM series AS s
JOIN block AS b ON b.series_id = s.id AND b.until_publication IS NULL
WHERE s.indicator = ANY ($1::text[]);

-- name: close_observations
-- $1 series ids, $2 publication
UPDATE observation SET until_publication = $2
WHERE series_id = ANY ($1::integer[]) AND until_publication IS NULL;

-- name: close_blocks
-- $1 series ids, $2 publication
UPDATE block SET until_publication = $2
WHERE series_id = ANY ($1::integer[]) AND until_publication IS NULL;

-- name: vintages_of_codes
-- In which vintages the codes $1 are areas now.
SELECT a.code, array_agg(a.vintage ORDER BY a.vintage) AS vintages
FROM area AS a
JOIN area_version AS v ON v.area_id = a.id AND v.until_publication IS NULL
WHERE a.level = $2 AND a.code = ANY ($1::text[])
GROUP BY a.code;

-- name: vintages
-- Vintages of level $1 that have areas now.
SELECT DISTINCT a.vintage
FROM area AS a
JOIN area_version AS v ON v.area_id = a.id AND v.until_publication IS NULL
WHERE a.level = $1
ORDER BY a.vintage;
