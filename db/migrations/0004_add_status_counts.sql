-- How complete a series is, so that nobody reads its cells to say how many are known.
--
-- The previous release neither reads nor writes it: its blocks have none, and say so.

ALTER TABLE block ADD COLUMN status_counts integer[];
COMMENT ON COLUMN block.status_counts IS 'Of each of its years, the areas with each status in the order of db.core.completeness; areas that were no area when it was written are left out';
