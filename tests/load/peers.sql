-- The same nation as plain relational tables, as one would design them for a peer: out of the rows
-- of our own publication, so that both answer with the same values; of the newest boundaries only,
-- where a nation has others. $-free: run as one script.

CREATE SCHEMA nb;

CREATE TABLE nb.indicator AS
SELECT row_number() OVER (ORDER BY min(id))::int AS id, indicator AS slug
FROM series
GROUP BY indicator;
ALTER TABLE nb.indicator ALTER id SET NOT NULL, ALTER slug SET NOT NULL, ADD PRIMARY KEY (id), ADD UNIQUE (slug);

CREATE TABLE nb.gemeente AS
SELECT a.id, a.code::text AS code, v.name
FROM area a
JOIN area_version v ON v.area_id = a.id
WHERE a.level = 'gemeente' AND a.vintage = (SELECT max(vintage) FROM area);
ALTER TABLE nb.gemeente ALTER id SET NOT NULL, ALTER code SET NOT NULL, ALTER name SET NOT NULL, ADD PRIMARY KEY (id), ADD UNIQUE (code);

CREATE TABLE nb.observation AS
SELECT o.area_id AS wijk_id, i.id AS indicator_id, o.period::int AS year, o.value
FROM observation o
JOIN series s ON s.id = o.series_id
JOIN nb.indicator i ON i.slug = s.indicator
WHERE s.level = 'wijk' AND s.vintage = (SELECT max(vintage) FROM area)
ORDER BY o.area_id, i.id, o.period;
ALTER TABLE nb.observation ALTER wijk_id SET NOT NULL, ALTER indicator_id SET NOT NULL, ALTER year SET NOT NULL, ADD PRIMARY KEY (wijk_id, indicator_id, year);

-- The newest year that an indicator has at all, also where an area lacks it: what our service gives.
CREATE TABLE nb.latest_observation AS
SELECT wijk_id, indicator_id, year, value
FROM nb.observation
WHERE (indicator_id, year) IN (SELECT indicator_id, max(year) FROM nb.observation GROUP BY indicator_id);
ALTER TABLE nb.latest_observation ALTER wijk_id SET NOT NULL, ALTER indicator_id SET NOT NULL, ALTER year SET NOT NULL, ADD PRIMARY KEY (wijk_id, indicator_id);

CREATE TABLE nb.wijk AS
SELECT a.id, a.code::text AS code, v.name, g.id AS gemeente_id, l.inhabitants, l.households, l.area_ha, l.density, l.urbanity,
    convert_from(s.overview_crs84, 'UTF8')::jsonb AS geojson
FROM area a
JOIN area_version v ON v.area_id = a.id
JOIN shape s ON s.area_id = a.id
JOIN nb.gemeente g ON g.code = v.parent_code
JOIN (
    SELECT wijk_id,
        max(value) FILTER (WHERE slug = 'population') AS inhabitants,
        max(value) FILTER (WHERE slug = 'households') AS households,
        max(value) FILTER (WHERE slug = 'total_area') AS area_ha,
        max(value) FILTER (WHERE slug = 'population_density') AS density,
        max(value) FILTER (WHERE slug = 'urbanity_class') AS urbanity
    FROM nb.latest_observation
    JOIN nb.indicator i ON i.id = indicator_id
    GROUP BY wijk_id
) l ON l.wijk_id = a.id
WHERE a.level = 'wijk' AND a.vintage = (SELECT max(vintage) FROM area)
ORDER BY a.code;
ALTER TABLE nb.wijk ALTER id SET NOT NULL, ALTER code SET NOT NULL, ALTER name SET NOT NULL, ALTER gemeente_id SET NOT NULL, ADD PRIMARY KEY (id), ADD UNIQUE (code);

CREATE TABLE nb.focus_area AS
SELECT row_number() OVER (ORDER BY slug)::int AS id, slug::text AS slug, name
FROM focus_area;
ALTER TABLE nb.focus_area ALTER id SET NOT NULL, ALTER slug SET NOT NULL, ALTER name SET NOT NULL, ADD PRIMARY KEY (id), ADD UNIQUE (slug);

CREATE TABLE nb.focus_area_member AS
SELECT f.id AS focus_area_id, w.id AS wijk_id, m.share
FROM membership m
JOIN nb.focus_area f ON f.slug = m.focus_area
JOIN nb.wijk w ON w.code = m.code;
ALTER TABLE nb.focus_area_member ALTER share SET NOT NULL, ADD PRIMARY KEY (focus_area_id, wijk_id);

ALTER TABLE nb.wijk ADD FOREIGN KEY (gemeente_id) REFERENCES nb.gemeente;
ALTER TABLE nb.observation ADD FOREIGN KEY (wijk_id) REFERENCES nb.wijk, ADD FOREIGN KEY (indicator_id) REFERENCES nb.indicator;
ALTER TABLE nb.latest_observation ADD FOREIGN KEY (wijk_id) REFERENCES nb.wijk, ADD FOREIGN KEY (indicator_id) REFERENCES nb.indicator;
ALTER TABLE nb.focus_area_member ADD FOREIGN KEY (focus_area_id) REFERENCES nb.focus_area, ADD FOREIGN KEY (wijk_id) REFERENCES nb.wijk;
CREATE INDEX ON nb.wijk (gemeente_id);
CREATE INDEX ON nb.focus_area_member (wijk_id);
-- A ranking, and one indicator as a whole, are read from an index alone, in the order asked for.
CREATE INDEX ON nb.observation (indicator_id, year, value DESC NULLS LAST, wijk_id);
CREATE INDEX ON nb.observation (indicator_id, wijk_id, year) INCLUDE (value);
CREATE INDEX ON nb.latest_observation (indicator_id, wijk_id) INCLUDE (value, year);
