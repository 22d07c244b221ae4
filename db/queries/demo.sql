-- name: close_areas
-- The demonstration country leaves when the real one comes.  $1 publication
UPDATE area_version SET until_publication = $1 WHERE until_publication IS NULL;

-- name: close_shapes
UPDATE shape SET until_publication = $1 WHERE until_publication IS NULL;

-- name: close_observations
UPDATE observation SET until_publication = $1 WHERE until_publication IS NULL;

-- name: close_blocks
UPDATE block SET until_publication = $1 WHERE until_publication IS NULL;

-- name: close_facts
UPDATE fact SET until_publication = $1 WHERE until_publication IS NULL;

-- name: close_addresses
UPDATE address_count SET until_publication = $1 WHERE until_publication IS NULL;

-- name: close_tiles
UPDATE tile SET until_publication = $1 WHERE until_publication IS NULL;

-- name: close_tilesets
UPDATE tileset SET until_publication = $1 WHERE until_publication IS NULL;

-- name: close_links
UPDATE area_link_pair SET until_publication = $1 WHERE until_publication IS NULL;
