-- name: facts
-- Facts that publication $1 opened or closed after ($2, $3), with their body then and before; at
-- most $4. Of kind $5, of level $6, of gemeente $7, about indicator $8, each unless it is null.
-- (What is meant is said once and planned in each of the two places.)
WITH meant AS NOT MATERIALIZED (
    SELECT kind, key, from_publication, until_publication
    FROM fact
    WHERE (kind, key) > ($2, $3)
        AND ($5::text IS NULL OR kind = $5)
        AND ($6::text IS NULL OR kind = 'membership' AND body ->> 'level' = $6)
        AND (
            $7::text IS NULL
            OR kind = 'membership' AND substr(body ->> 'code', 3, 4) = substr($7, 3)
            OR kind = 'focus_area' AND body ->> 'gemeente_code' = $7
        )
        AND ($8::text IS NULL OR kind = 'indicator' AND key = $8)
),
touched AS (
    (SELECT kind, key FROM meant WHERE from_publication = $1 ORDER BY kind, key LIMIT $4)
    UNION
    (SELECT kind, key FROM meant WHERE until_publication = $1 ORDER BY kind, key LIMIT $4)
    ORDER BY kind, key
    LIMIT $4
)
SELECT t.kind, t.key, o.body AS old_body, n.body AS new_body
FROM touched AS t
LEFT JOIN fact AS o ON o.kind = t.kind AND o.key = t.key AND o.until_publication = $1
LEFT JOIN fact AS n ON n.kind = t.kind AND n.key = t.key AND n.from_publication = $1
ORDER BY t.kind, t.key;

-- name: areas
-- Areas of which publication $1 opened or closed a version or a shape, after area $2; at most $3.
-- Of level $4, of gemeente $5, each unless it is null. (What is meant is said once and planned in
-- each of the four places. The place is said of both tables: a join by merging would begin at the
-- first area otherwise.)
WITH meant AS NOT MATERIALIZED (
    SELECT id
    FROM area
    WHERE id > $2
        AND ($4::text IS NULL OR level = $4)
        AND ($5::text IS NULL OR level <> 'land' AND substr(code, 3, 4) = substr($5, 3))
)
(
    SELECT v.area_id
    FROM area_version AS v
    JOIN meant AS m ON m.id = v.area_id
    WHERE v.from_publication = $1 AND v.area_id > $2
    ORDER BY v.area_id
    LIMIT $3
)
UNION
(
    SELECT v.area_id
    FROM area_version AS v
    JOIN meant AS m ON m.id = v.area_id
    WHERE v.until_publication = $1 AND v.area_id > $2
    ORDER BY v.area_id
    LIMIT $3
)
UNION
(
    SELECT s.area_id
    FROM shape AS s
    JOIN meant AS m ON m.id = s.area_id
    WHERE s.from_publication = $1 AND s.area_id > $2
    ORDER BY s.area_id
    LIMIT $3
)
UNION
(
    SELECT s.area_id
    FROM shape AS s
    JOIN meant AS m ON m.id = s.area_id
    WHERE s.until_publication = $1 AND s.area_id > $2
    ORDER BY s.area_id
    LIMIT $3
)
ORDER BY area_id
LIMIT $3;

-- name: area_states
-- Areas $1 as they are in publication $2, with nulls for those that are not there then. Looked up one by
-- one (which is what the LIMITs are for): the planner would read every version of every vintage.
SELECT a.id, a.level, a.vintage, a.code, v.name, v.terrain, v.parent_code, s.checksum
FROM area AS a
LEFT JOIN LATERAL (
    SELECT name, terrain, parent_code
    FROM area_version
    WHERE area_id = a.id
        AND from_publication <= $2
        AND (until_publication IS NULL OR until_publication > $2)
    LIMIT 1
) AS v ON true
LEFT JOIN LATERAL (
    SELECT checksum
    FROM shape
    WHERE area_id = a.id
        AND from_publication <= $2
        AND (until_publication IS NULL OR until_publication > $2)
    LIMIT 1
) AS s ON true
WHERE a.id = ANY ($1::integer[])
ORDER BY a.id;

-- name: recodings
-- Of areas $1 in publication $2: the area that each was before its code, and not its border,
-- changed (kind 1 of db.core.area_links). Each pair is unfolded once.
WITH asked AS MATERIALIZED (
    SELECT id, level, vintage, ordinal FROM area WHERE id = ANY ($1::integer[])
),
recoded AS MATERIALIZED (
    SELECT p.level, p.old_vintage, p.new_vintage, l.old_ordinal, l.new_ordinal
    FROM area_link_pair AS p
    CROSS JOIN LATERAL unnest(p.old_ordinals, p.new_ordinals, p.kinds)
        AS l (old_ordinal, new_ordinal, kind)
    WHERE p.from_publication <= $2
        AND (p.until_publication IS NULL OR p.until_publication > $2)
        AND l.kind = 1
        AND (p.level, p.new_vintage) IN (SELECT level, vintage FROM asked)
)
SELECT DISTINCT ON (n.id) n.id, o.code, o.vintage
FROM recoded AS r
JOIN asked AS n ON n.level = r.level AND n.vintage = r.new_vintage AND n.ordinal = r.new_ordinal
JOIN area AS o ON o.level = r.level AND o.vintage = r.old_vintage AND o.ordinal = r.old_ordinal
ORDER BY n.id, o.vintage DESC;

-- name: linked
-- Pairs of vintages of which publication $1 opened or closed the links, from pair ($2, $3, $4) on;
-- of level $5 unless it is null.
SELECT DISTINCT level, old_vintage, new_vintage
FROM area_link_pair
WHERE (from_publication = $1 OR until_publication = $1)
    AND (level, old_vintage, new_vintage) >= ($2, $3, $4)
    AND ($5::text IS NULL OR level = $5)
ORDER BY level, old_vintage, new_vintage;

-- name: newly_recoded
-- Areas of pair ($2, $3, $4) that publication $1 recodes otherwise than the last one did, and
-- of which it changed nothing else; after area $5, at most $6, of gemeente $7 unless it is null.
WITH standing AS MATERIALIZED (
    SELECT l.old_ordinal, l.new_ordinal,
        p.from_publication <= $1 AND (p.until_publication IS NULL OR p.until_publication > $1)
            AS is_now
    FROM area_link_pair AS p
    CROSS JOIN LATERAL unnest(p.old_ordinals, p.new_ordinals, p.kinds)
        AS l (old_ordinal, new_ordinal, kind)
    WHERE p.level = $2 AND p.old_vintage = $3 AND p.new_vintage = $4
        AND (p.from_publication = $1 OR p.until_publication = $1)
        AND l.kind = 1
)
SELECT a.id AS area_id
FROM (SELECT old_ordinal, new_ordinal FROM standing WHERE is_now) AS n
FULL JOIN (SELECT old_ordinal, new_ordinal FROM standing WHERE NOT is_now) AS o
    USING (old_ordinal, new_ordinal)
JOIN area AS a ON a.level = $2 AND a.vintage = $4 AND a.ordinal = new_ordinal
WHERE (n IS NULL OR o IS NULL)
    AND a.id > $5
    AND ($7::text IS NULL OR a.level <> 'land' AND substr(a.code, 3, 4) = substr($7, 3))
    AND NOT EXISTS (
        SELECT 1
        FROM area_version AS v
        WHERE v.area_id = a.id AND (v.from_publication = $1 OR v.until_publication = $1)
    )
    AND NOT EXISTS (
        SELECT 1
        FROM shape AS s
        WHERE s.area_id = a.id AND (s.from_publication = $1 OR s.until_publication = $1)
    )
GROUP BY a.id
ORDER BY a.id
LIMIT $6;

-- name: series
-- Series of which publication $1 opened or closed the block, from series $2 on; at most $3.
-- Of indicator $4, of level $5, each unless it is null.
WITH meant AS NOT MATERIALIZED (
    SELECT b.series_id, s.indicator, s.level, s.vintage, b.from_publication, b.until_publication
    FROM block AS b
    JOIN series AS s ON s.id = b.series_id
    WHERE b.series_id >= $2
        AND ($4::text IS NULL OR s.indicator = $4)
        AND ($5::text IS NULL OR s.level = $5)
)
(
    SELECT series_id, indicator, level, vintage
    FROM meant
    WHERE from_publication = $1
    ORDER BY series_id
    LIMIT $3
)
UNION
(
    SELECT series_id, indicator, level, vintage
    FROM meant
    WHERE until_publication = $1
    ORDER BY series_id
    LIMIT $3
)
ORDER BY series_id
LIMIT $3;

-- name: blocks
-- The block of series $1 that publication $2 closed, and the one that it opened.
SELECT until_publication IS NOT DISTINCT FROM $2 AS is_old, periods, areas, "values", reasons,
    provisional, loads, load_ids, lower, upper
FROM block
WHERE series_id = $1 AND (from_publication = $2 OR until_publication = $2);

-- name: codes
-- Codes of areas of a level and vintage.  $1 level, $2 vintage, $3 ordinals
SELECT ordinal, code
FROM area
WHERE level = $1 AND vintage = $2 AND ordinal = ANY ($3::integer[]);

-- name: within
-- Areas of a level and vintage within a gemeente.  $1 level, $2 vintage, $3 gemeente
SELECT ordinal
FROM area
WHERE level = $1 AND vintage = $2
    AND level <> 'land' AND substr(code, 3, 4) = substr($3, 3);
