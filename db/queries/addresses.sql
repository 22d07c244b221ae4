-- name: open
-- Open address counts of a vintage.  $1 vintage, $2 pattern of area code
SELECT area_code, postcode, addresses
FROM address_count
WHERE vintage = $1 AND area_code LIKE $2 AND until_publication IS NULL;

-- name: close
-- $1 vintage, $2 area codes, $3 postcodes (in parallel), $4 publication
UPDATE address_count AS a SET until_publication = $4
FROM unnest($2::text[], $3::text[]) AS gone (area_code, postcode)
WHERE a.vintage = $1
    AND a.area_code = gone.area_code
    AND a.postcode = gone.postcode
    AND a.until_publication IS NULL;
