-- name: index
-- Which series have a block in publication $1, for which years, since which publication, and
-- how complete.
SELECT s.indicator, s.level, s.vintage, b.periods, b.from_publication, b.areas, b.status_counts
FROM block AS b
JOIN series AS s ON s.id = b.series_id
WHERE b.from_publication <= $1
    AND (b.until_publication IS NULL OR b.until_publication > $1);

-- name: at
-- The block of a series in publication $4.  $1 indicator, $2 level, $3 vintage
SELECT b.periods, b.areas, b."values", b.reasons, b.provisional, b.loads, b.load_ids,
    b.lower, b.upper
FROM block AS b
JOIN series AS s ON s.id = b.series_id
WHERE s.indicator = $1 AND s.level = $2 AND s.vintage = $3
    AND b.from_publication <= $4
    AND (b.until_publication IS NULL OR b.until_publication > $4);

-- name: open
-- The open blocks of the series of one vintage.  $1 vintage, $2 indicators, $3 level
SELECT s.id AS series_id, s.indicator, b.periods, b.areas, b."values", b.reasons, b.provisional,
    b.loads, b.load_ids, b.lower, b.upper
FROM series AS s
LEFT JOIN block AS b ON b.series_id = s.id AND b.until_publication IS NULL
WHERE s.vintage = $1 AND s.indicator = ANY ($2::text[]) AND s.level = $3;

-- name: next_series_id
SELECT coalesce(max(id), 0) + 1 FROM series;

-- name: close
UPDATE block SET until_publication = $2
WHERE series_id = ANY ($1::integer[]) AND until_publication IS NULL AND from_publication < $2;

-- name: forget
DELETE FROM block WHERE series_id = ANY ($1::integer[]) AND from_publication = $2;
