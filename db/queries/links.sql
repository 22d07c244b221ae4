-- name: vintages
-- What the links of each level and vintage are made from, as far as areas, shapes and statements
-- go: how many there are, the size of the shapes, and a digest.
SELECT a.level, a.vintage,
    count(*) FILTER (WHERE v.terrain = 'land') AS land,
    count(s.area_id) FILTER (WHERE v.terrain = 'land') AS land_shapes,
    count(s.area_id) AS shapes,
    count(v.change) AS statements,
    bool_or(l.lists_all_areas) AS is_whole,
    coalesce(sum(octet_length(s.full_rd)), 0) AS bytes,
    sha256(string_agg(
        convert_to(concat_ws(E'\n', a.ordinal, a.code, v.terrain, v.change, ''), 'UTF8')
            || coalesce(s.checksum, ''::bytea),
        ''::bytea ORDER BY a.ordinal
    )) AS digest
FROM area AS a
JOIN area_version AS v ON v.area_id = a.id AND v.until_publication IS NULL
JOIN load AS l ON l.id = v.load_id
LEFT JOIN shape AS s ON s.area_id = a.id AND s.until_publication IS NULL
GROUP BY a.level, a.vintage
ORDER BY a.level, a.vintage;

-- name: address_tables
-- Which addresses there are, by vintage and kind of area code: any change gives another row.
SELECT vintage, left(area_code, 2) AS prefix, count(*) AS rows,
    max(from_publication) AS opened, max(until_publication) AS closed
FROM address_count
GROUP BY vintage, left(area_code, 2)
HAVING bool_or(until_publication IS NULL);

-- name: populations
-- Which levels and vintages have inhabitants counted in their own year, and since which publication.
SELECT s.level, s.vintage, b.from_publication
FROM series AS s
JOIN block AS b ON b.series_id = s.id AND b.until_publication IS NULL
WHERE s.indicator = 'population' AND s.vintage = ANY (b.periods);

-- name: areas
-- The open areas of a level and vintage with their shapes, in order of ordinal.
-- $1 level, $2 vintage
SELECT a.ordinal, a.code, v.name, v.terrain, v.change, s.full_rd
FROM area AS a
JOIN area_version AS v ON v.area_id = a.id AND v.until_publication IS NULL
LEFT JOIN shape AS s ON s.area_id = a.id AND s.until_publication IS NULL
WHERE a.level = $1 AND a.vintage = $2
ORDER BY a.ordinal;

-- name: areas_without_shapes
-- Likewise, without what they look like.  $1 level, $2 vintage
SELECT a.ordinal, a.code, v.name, v.terrain, v.change
FROM area AS a
JOIN area_version AS v ON v.area_id = a.id AND v.until_publication IS NULL
WHERE a.level = $1 AND a.vintage = $2
ORDER BY a.ordinal;

-- name: look_at_addresses
-- Rows that this very transaction wrote are none to the planner, which then joins them one by one:
-- 0.3 s a pair in Voorbeeldland, and no end to it in the Netherlands.
ANALYZE address_count;

-- name: addresses
-- Addresses of the old vintage by the code they had and the code they have, by way of the postcode.
-- A postcode that lies in several areas of one vintage is shared out as its addresses are; one that
-- does in both vintages says nothing about who went where, and is left out.
-- $1 old vintage, $2 new vintage, $3 prefix of the counted areas, $4 prefix of the level wanted,
-- $5 length of its codes without the prefix
WITH before AS (
    SELECT postcode, $4::text || substr(area_code, 3, $5::integer) AS code,
        sum(addresses)::double precision AS addresses
    FROM address_count
    WHERE vintage = $1 AND left(area_code, 2) = $3 AND until_publication IS NULL
    GROUP BY postcode, substr(area_code, 3, $5)
),
after AS (
    SELECT postcode, $4::text || substr(area_code, 3, $5::integer) AS code,
        sum(addresses)::double precision AS addresses
    FROM address_count
    WHERE vintage = $2 AND left(area_code, 2) = $3 AND until_publication IS NULL
    GROUP BY postcode, substr(area_code, 3, $5)
),
counted_before AS (
    SELECT *, count(*) OVER (PARTITION BY postcode) AS areas FROM before
),
counted_after AS (
    SELECT *, count(*) OVER (PARTITION BY postcode) AS areas,
        addresses / sum(addresses) OVER (PARTITION BY postcode) AS share
    FROM after
)
SELECT b.code AS old_code, a.code AS new_code, sum(b.addresses * a.share) AS addresses
FROM counted_before AS b
JOIN counted_after AS a USING (postcode)
WHERE b.areas = 1 OR a.areas = 1
GROUP BY b.code, a.code
ORDER BY b.code, a.code;

-- name: open
-- The pairs that have links now, and what those were made from.
SELECT level, old_vintage, new_vintage, inputs
FROM area_link_pair
WHERE until_publication IS NULL;

-- name: close
-- Close a pair; gives how many links it had.
-- $1 level, $2 old vintage, $3 new vintage, $4 publication
UPDATE area_link_pair SET until_publication = $4
WHERE level = $1 AND old_vintage = $2 AND new_vintage = $3 AND until_publication IS NULL
RETURNING links;

-- name: insert
-- A pair with its links; the parameters are in the order of the columns.
INSERT INTO area_link_pair (
    level, old_vintage, new_vintage, from_publication, inputs, stated, tolerance, slivers,
    sliver_m2, old_repaired, new_repaired, old_without_shape, new_without_shape, compared,
    disagreeing, links, disagreements, old_areas, new_areas, old_ordinals, new_ordinals, of_old, of_new, kinds,
    methods, new_methods, reused
) VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
    $22, $23, $24, $25, $26, $27
);

-- name: pairs
-- The pairs that have links in publication $1, with the account of each.
SELECT level, old_vintage, new_vintage, from_publication, stated, tolerance, slivers, sliver_m2,
    old_repaired, new_repaired, old_without_shape, new_without_shape, compared, disagreeing, links
FROM area_link_pair
WHERE from_publication <= $1 AND (until_publication IS NULL OR until_publication > $1)
ORDER BY level, old_vintage, new_vintage;

-- name: at
-- The links of one pair in publication $4: arrays as Postgres sends them to whoever asks for binary
-- values, so that they are mapped and not parsed.  $1 level, $2 old vintage, $3 new vintage
SELECT old_areas, new_areas, disagreements,
    array_send(old_ordinals) AS old_ordinals,
    array_send(new_ordinals) AS new_ordinals,
    array_send(of_old) AS of_old,
    array_send(of_new) AS of_new,
    array_send(kinds) AS kinds,
    array_send(methods) AS methods,
    array_send(new_methods) AS new_methods,
    array_send(reused) AS reused
FROM area_link_pair
WHERE level = $1
    AND old_vintage = $2
    AND new_vintage = $3
    AND from_publication <= $4
    AND (until_publication IS NULL OR until_publication > $4);

-- name: stated
-- What CBS states of areas of a level in publication $4, from the year after vintage $2 to $3.
SELECT a.vintage, a.code, v.change
FROM area AS a
JOIN area_version AS v ON v.area_id = a.id
WHERE a.level = $1
    AND a.vintage > $2
    AND a.vintage <= $3
    AND v.change IS NOT NULL
    AND v.from_publication <= $4
    AND (v.until_publication IS NULL OR v.until_publication > $4);

-- name: names
-- Codes and names of the areas of a level and vintage in publication $3, in order of ordinal.
-- $1 level, $2 vintage
SELECT a.ordinal, a.code, v.name
FROM area AS a
JOIN area_version AS v ON v.area_id = a.id
WHERE a.level = $1
    AND a.vintage = $2
    AND v.from_publication <= $3
    AND (v.until_publication IS NULL OR v.until_publication > $3)
ORDER BY a.ordinal;
