-- The whole store: publications and loads, areas in time, figures, reference facts.
--
-- Rows are versioned by publication: [from_publication, until_publication), open while
-- until_publication is null. Rows are closed, never overwritten.

CREATE TABLE publication (
    number integer PRIMARY KEY CHECK (number > 0),
    published_at timestamptz NOT NULL,
    fictional boolean NOT NULL,
    note text,
    counts jsonb NOT NULL
);
COMMENT ON TABLE publication IS 'Numbered, immutable states of all data; written last in its transaction';

CREATE TABLE load (
    id integer PRIMARY KEY,
    publication integer NOT NULL REFERENCES publication DEFERRABLE INITIALLY DEFERRED,
    dataset text NOT NULL,
    source text NOT NULL,
    publisher_table text,
    title text,
    vintage smallint NOT NULL,
    location text NOT NULL,
    retrieved_at timestamptz NOT NULL,
    modified text,
    checksum text NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$'),
    rank smallint NOT NULL,
    lists_all_areas boolean NOT NULL,
    note_nl text,
    note_en text,
    rows_read integer NOT NULL,
    rows_accepted integer NOT NULL,
    rows_rejected integer NOT NULL,
    reconciliation jsonb NOT NULL,
    CHECK (rows_read = rows_accepted + rows_rejected),
    CHECK ((note_nl IS NULL) = (note_en IS NULL))
);
CREATE INDEX ON load (dataset, id);
COMMENT ON TABLE load IS 'One dataset as fetched once; every value leads back to one';

CREATE TABLE attempt (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset text NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('published', 'unchanged', 'refused', 'failed')),
    message text,
    checksum text,
    recipe text,
    publication integer
);
CREATE INDEX ON attempt (dataset, id);
COMMENT ON TABLE attempt IS 'Every try to load a dataset, also those that changed nothing or failed';

CREATE TABLE area (
    id integer PRIMARY KEY,
    level text NOT NULL CHECK (level IN ('land', 'gemeente', 'wijk', 'buurt')),
    vintage smallint NOT NULL CHECK (vintage BETWEEN 1990 AND 2100),
    code text COLLATE "C" NOT NULL,
    ordinal integer NOT NULL CHECK (ordinal >= 0),
    UNIQUE (level, vintage, code),
    UNIQUE (level, vintage, ordinal)
);
COMMENT ON TABLE area IS 'Identity of an area: level, vintage and code; its ordinal is its row in every block';

CREATE TABLE area_version (
    area_id integer NOT NULL REFERENCES area,
    from_publication integer NOT NULL,
    until_publication integer CHECK (until_publication > from_publication),
    name text NOT NULL,
    terrain text NOT NULL CHECK (terrain IN ('land', 'water', 'abroad')),
    parent_code text COLLATE "C",
    change smallint,
    load_id integer NOT NULL REFERENCES load,
    PRIMARY KEY (area_id, from_publication)
);
CREATE UNIQUE INDEX ON area_version (area_id) WHERE until_publication IS NULL;

CREATE TABLE shape (
    area_id integer NOT NULL REFERENCES area,
    from_publication integer NOT NULL,
    until_publication integer CHECK (until_publication > from_publication),
    load_id integer NOT NULL REFERENCES load,
    checksum bytea NOT NULL,
    west double precision NOT NULL,
    south double precision NOT NULL,
    east double precision NOT NULL,
    north double precision NOT NULL,
    longitude double precision NOT NULL,
    latitude double precision NOT NULL,
    overview_crs84 bytea NOT NULL,
    medium_crs84 bytea NOT NULL,
    full_crs84 bytea NOT NULL,
    overview_rd bytea NOT NULL,
    medium_rd bytea NOT NULL,
    full_rd bytea NOT NULL,
    PRIMARY KEY (area_id, from_publication)
);
CREATE UNIQUE INDEX ON shape (area_id) WHERE until_publication IS NULL;
-- Ready GeoJSON texts; the small ones uncompressed, since they are read most.
ALTER TABLE shape ALTER COLUMN overview_crs84 SET STORAGE EXTERNAL;
ALTER TABLE shape ALTER COLUMN overview_rd SET STORAGE EXTERNAL;
ALTER TABLE shape ALTER COLUMN medium_crs84 SET STORAGE EXTERNAL;
ALTER TABLE shape ALTER COLUMN medium_rd SET STORAGE EXTERNAL;

CREATE TABLE series (
    id integer PRIMARY KEY,
    indicator text NOT NULL,
    level text NOT NULL CHECK (level IN ('land', 'gemeente', 'wijk', 'buurt')),
    vintage smallint NOT NULL,
    UNIQUE (indicator, level, vintage)
);
COMMENT ON TABLE series IS 'An indicator on the areas of one level and one vintage';

-- No foreign keys and no b-tree: a KWB table is two million rows, and a b-tree alone tripled its
-- load time (2.5 s against 0.8 s). Rows of a series lie together, so a BRIN finds them; readers use blocks.
CREATE TABLE observation (
    value double precision,
    lower double precision,
    upper double precision,
    series_id integer NOT NULL,
    area_id integer NOT NULL,
    load_id integer NOT NULL,
    from_publication integer NOT NULL,
    until_publication integer,
    period smallint NOT NULL,
    reason smallint NOT NULL,
    provisional boolean NOT NULL,
    CHECK ((value IS NULL) = (reason >= 10)),
    CHECK (value <> 'NaN' AND value <> 'Infinity' AND value <> '-Infinity')
);
CREATE INDEX observation_series ON observation USING brin (series_id) WITH (pages_per_range = 32);
CREATE INDEX observation_publication ON observation USING brin (from_publication)
    WITH (pages_per_range = 32);
COMMENT ON TABLE observation IS 'Every value and every explained absence, by publication; reason is explained in table reason';

CREATE TABLE reason (
    code smallint PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    status text NOT NULL,
    text_nl text NOT NULL,
    text_en text NOT NULL
);

CREATE TABLE block (
    series_id integer NOT NULL REFERENCES series,
    from_publication integer NOT NULL,
    until_publication integer CHECK (until_publication > from_publication),
    periods smallint[] NOT NULL,
    areas integer NOT NULL,
    "values" bytea NOT NULL,
    reasons bytea NOT NULL,
    provisional bytea NOT NULL,
    loads bytea NOT NULL,
    load_ids integer[] NOT NULL,
    lower bytea,
    upper bytea,
    PRIMARY KEY (series_id, from_publication)
);
CREATE UNIQUE INDEX ON block (series_id) WHERE until_publication IS NULL;
ALTER TABLE block ALTER COLUMN "values" SET STORAGE EXTERNAL;
COMMENT ON TABLE block IS 'All values of a series as arrays (area-major, little-endian), written by the same merge as the observations';

CREATE TABLE fact (
    kind text NOT NULL,
    key text COLLATE "C" NOT NULL,
    from_publication integer NOT NULL,
    until_publication integer CHECK (until_publication > from_publication),
    body jsonb NOT NULL,
    PRIMARY KEY (kind, key, from_publication)
);
CREATE UNIQUE INDEX ON fact (kind, key) WHERE until_publication IS NULL;
COMMENT ON TABLE fact IS 'Reference facts (indicator, source, programme, focus area, membership, group, group list) with their history';

CREATE TABLE address_count (
    load_id integer NOT NULL REFERENCES load,
    vintage smallint NOT NULL,
    postcode text COLLATE "C" NOT NULL,
    area_code text COLLATE "C" NOT NULL,
    addresses integer NOT NULL CHECK (addresses > 0),
    from_publication integer NOT NULL,
    until_publication integer CHECK (until_publication > from_publication),
    PRIMARY KEY (vintage, area_code, postcode, from_publication)
);
COMMENT ON TABLE address_count IS 'Addresses by postcode and area, for crosswalks; no single address is stored';

CREATE VIEW indicator AS
    SELECT key AS slug, body FROM fact WHERE kind = 'indicator' AND until_publication IS NULL;
CREATE VIEW source AS
    SELECT key AS slug, body FROM fact WHERE kind = 'source' AND until_publication IS NULL;
CREATE VIEW programme AS
    SELECT key AS slug, body ->> 'name' AS name, (body ->> 'valid_from')::date AS valid_from,
        (body ->> 'valid_until')::date AS valid_until, body ->> 'legal_basis' AS legal_basis, body
    FROM fact WHERE kind = 'programme' AND until_publication IS NULL;
CREATE VIEW focus_area AS
    SELECT key AS slug, body ->> 'programme' AS programme, body ->> 'name' AS name,
        body ->> 'gemeente_code' AS gemeente_code, body
    FROM fact WHERE kind = 'focus_area' AND until_publication IS NULL;
CREATE VIEW membership AS
    SELECT key, body ->> 'focus_area' AS focus_area, body ->> 'level' AS level,
        body ->> 'code' AS code, (body ->> 'vintage')::int AS vintage,
        body ->> 'extent' AS extent, (body ->> 'share')::double precision AS share,
        (body ->> 'valid_from')::date AS valid_from, (body ->> 'valid_until')::date AS valid_until,
        body ->> 'certainty' AS certainty, body ->> 'source_text_nl' AS source_text_nl,
        body ->> 'source_text_en' AS source_text_en, body
    FROM fact WHERE kind = 'membership' AND until_publication IS NULL;
CREATE VIEW municipality_group AS
    SELECT key AS slug, body ->> 'name_nl' AS name_nl, body
    FROM fact WHERE kind = 'group' AND until_publication IS NULL;
