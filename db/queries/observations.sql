-- name: create_closing
-- Cells whose open row ends in this publication.
CREATE TEMPORARY TABLE IF NOT EXISTS closing (series_id integer, area_id integer, period smallint)
ON COMMIT DROP;

-- name: close
-- Close the open rows of the cells in closing.  $1 publication, $2 series ids (for the BRIN)
UPDATE observation AS o SET until_publication = $1
FROM closing AS c
WHERE o.series_id = ANY ($2::integer[])
    AND o.series_id = c.series_id
    AND o.area_id = c.area_id
    AND o.period = c.period
    AND o.until_publication IS NULL
    AND o.from_publication < $1;

-- name: forget
-- Rows of cells in closing that were opened earlier in this same publication $1.
DELETE FROM observation AS o
USING closing AS c
WHERE o.series_id = ANY ($2::integer[])
    AND o.series_id = c.series_id
    AND o.area_id = c.area_id
    AND o.period = c.period
    AND o.from_publication = $1;

-- name: empty_closing
TRUNCATE closing;
