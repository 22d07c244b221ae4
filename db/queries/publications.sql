-- name: newest
-- Number of the newest publication.
SELECT max(number) FROM publication;

-- name: up_to
-- All publications up to and including $1, newest first.
SELECT number, published_at, fictional, note, counts
FROM publication
WHERE number <= $1
ORDER BY number DESC;

-- name: insert
-- $1 number, $2 time, $3 fictional, $4 note, $5 counts
INSERT INTO publication (number, published_at, fictional, note, counts)
VALUES ($1, $2, $3, $4, $5);

-- name: withdrawn
-- Publications that must not be answered from any more.
SELECT number, withdrawn_at, reason_nl, reason_en FROM withdrawn_publication;

-- name: withdraw
-- Once more only gives other reasons.  $1 number, $2 time, $3 and $4 why, in Dutch and in English
INSERT INTO withdrawn_publication (number, withdrawn_at, reason_nl, reason_en)
VALUES ($1, $2, $3, $4)
ON CONFLICT (number) DO UPDATE
    SET reason_nl = excluded.reason_nl, reason_en = excluded.reason_en;

-- name: analyze
-- Tell the planner what a large publication brought: readers come before autovacuum does, and a plan
-- made for empty tables took the list of vintages past its time limit.
ANALYZE area, area_version, shape, series, block, fact, load, tile;

-- name: announce
-- Tell listeners that publication $1 is there; delivered at commit.
SELECT pg_notify('publication', $1::text);

-- name: lock
-- One publisher at a time; held to the end of the transaction.
SELECT pg_advisory_xact_lock(7301420);

-- name: difference
-- Rows opened or closed after publication $1 up to and including $2, by noun.
SELECT 'area' AS noun, a.level AS kind,
    count(*) FILTER (WHERE v.from_publication > $1 AND v.from_publication <= $2) AS opened,
    count(*) FILTER (WHERE v.until_publication > $1 AND v.until_publication <= $2) AS closed
FROM area_version AS v
JOIN area AS a ON a.id = v.area_id
GROUP BY a.level
UNION ALL
SELECT 'shape', a.level,
    count(*) FILTER (WHERE s.from_publication > $1 AND s.from_publication <= $2),
    count(*) FILTER (WHERE s.until_publication > $1 AND s.until_publication <= $2)
FROM shape AS s
JOIN area AS a ON a.id = s.area_id
GROUP BY a.level
UNION ALL
SELECT 'tile', t.level,
    count(*) FILTER (WHERE t.from_publication > $1 AND t.from_publication <= $2),
    count(*) FILTER (WHERE t.until_publication > $1 AND t.until_publication <= $2)
FROM tile AS t
GROUP BY t.level
UNION ALL
SELECT 'link', p.level,
    coalesce(sum(p.links) FILTER (WHERE p.from_publication > $1 AND p.from_publication <= $2), 0),
    coalesce(sum(p.links) FILTER (WHERE p.until_publication > $1 AND p.until_publication <= $2), 0)
FROM area_link_pair AS p
GROUP BY p.level
UNION ALL
SELECT 'fact', f.kind,
    count(*) FILTER (WHERE f.from_publication > $1 AND f.from_publication <= $2),
    count(*) FILTER (WHERE f.until_publication > $1 AND f.until_publication <= $2)
FROM fact AS f
GROUP BY f.kind
UNION ALL
SELECT 'observation', s.indicator || ' ' || s.level || ' ' || s.vintage,
    count(*) FILTER (WHERE o.from_publication > $1 AND o.from_publication <= $2),
    count(*) FILTER (WHERE o.until_publication > $1 AND o.until_publication <= $2)
FROM observation AS o
JOIN series AS s ON s.id = o.series_id
WHERE o.series_id IN (
    SELECT b.series_id
    FROM block AS b
    WHERE b.from_publication > $1 AND b.from_publication <= $2
        OR b.until_publication > $1 AND b.until_publication <= $2
)
GROUP BY s.indicator, s.level, s.vintage
ORDER BY noun, kind;

-- name: revised_cells
-- Cells that had another value or reason before: closed and reopened between $1 and $2.
-- At most $3 rows.
SELECT s.indicator, a.level, a.vintage, a.code, o.period,
    o.value AS old_value, o.reason AS old_reason, n.value AS new_value, n.reason AS new_reason
FROM observation AS o
JOIN observation AS n
    ON n.series_id = o.series_id
    AND n.area_id = o.area_id
    AND n.period = o.period
    AND n.from_publication = o.until_publication
JOIN series AS s ON s.id = o.series_id
JOIN area AS a ON a.id = o.area_id
WHERE o.from_publication <= $1
    AND o.until_publication > $1
    AND o.until_publication <= $2
ORDER BY s.indicator, a.level, a.vintage, a.code, o.period
LIMIT $3;

-- name: newest_is_fictional
SELECT fictional FROM publication ORDER BY number DESC LIMIT 1;

-- name: changed_areas
-- Areas that are new, gone or other in publication $2 than in $1. At most $3 rows.
SELECT a.level, a.vintage, a.code, o.name AS old_name, n.name AS new_name
FROM area AS a
LEFT JOIN area_version AS o
    ON o.area_id = a.id
    AND o.from_publication <= $1
    AND (o.until_publication IS NULL OR o.until_publication > $1)
LEFT JOIN area_version AS n
    ON n.area_id = a.id
    AND n.from_publication <= $2
    AND (n.until_publication IS NULL OR n.until_publication > $2)
WHERE (o.name, o.terrain, o.parent_code, o.change)
    IS DISTINCT FROM (n.name, n.terrain, n.parent_code, n.change)
ORDER BY a.level, a.vintage, a.code
LIMIT $3;

-- name: changed_facts
-- Facts that are new, gone or other in publication $2 than in $1. At most $3 rows.
SELECT kind, key, o.body IS NOT NULL AS was, n.body IS NOT NULL AS is_there
FROM (
    SELECT kind, key, body
    FROM fact
    WHERE from_publication <= $1 AND (until_publication IS NULL OR until_publication > $1)
) AS o
FULL JOIN (
    SELECT kind, key, body
    FROM fact
    WHERE from_publication <= $2 AND (until_publication IS NULL OR until_publication > $2)
) AS n USING (kind, key)
WHERE o.body IS DISTINCT FROM n.body
ORDER BY kind, key
LIMIT $3;
