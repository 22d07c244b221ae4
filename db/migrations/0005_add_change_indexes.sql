-- The change feed reads what a publication opened and closed, in order of identity, a page at a time.
--
-- Observations need none: their changes are read off the blocks, two for each series that changed.
CREATE INDEX fact_opened ON fact (from_publication, kind, key);
CREATE INDEX fact_closed ON fact (until_publication, kind, key) WHERE until_publication IS NOT NULL;
CREATE INDEX area_version_opened ON area_version (from_publication, area_id);
CREATE INDEX area_version_closed ON area_version (until_publication, area_id)
    WHERE until_publication IS NOT NULL;
CREATE INDEX shape_opened ON shape (from_publication, area_id);
CREATE INDEX shape_closed ON shape (until_publication, area_id) WHERE until_publication IS NOT NULL;
CREATE INDEX block_opened ON block (from_publication, series_id);
CREATE INDEX block_closed ON block (until_publication, series_id)
    WHERE until_publication IS NOT NULL;
