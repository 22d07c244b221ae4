-- Vector tiles ready to be sent, so that a map costs one look-up and no geometry at all.
--
-- Versioned by publication like everything else: rows are closed, never overwritten. The previous
-- release neither reads nor writes these tables and goes on as it was.

CREATE TABLE tile (
    level text NOT NULL CHECK (level IN ('gemeente', 'wijk', 'buurt')),
    vintage smallint NOT NULL,
    matrix_set text NOT NULL,
    zoom smallint NOT NULL CHECK (zoom BETWEEN 0 AND 24),
    y integer NOT NULL CHECK (y >= 0),
    x integer NOT NULL CHECK (x >= 0),
    from_publication integer NOT NULL,
    until_publication integer CHECK (until_publication > from_publication),
    checksum bytea NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (level, vintage, matrix_set, zoom, y, x, from_publication)
);
CREATE UNIQUE INDEX ON tile (level, vintage, matrix_set, zoom, y, x)
    WHERE until_publication IS NULL;
-- Gzipped already.
ALTER TABLE tile ALTER COLUMN body SET STORAGE EXTERNAL;
COMMENT ON TABLE tile IS 'Mapbox Vector Tiles 2.1, gzipped; y is the row from the top. A tile without areas has no row';

CREATE TABLE tileset (
    level text NOT NULL CHECK (level IN ('gemeente', 'wijk', 'buurt')),
    vintage smallint NOT NULL,
    from_publication integer NOT NULL,
    until_publication integer CHECK (until_publication > from_publication),
    inputs bytea NOT NULL,
    PRIMARY KEY (level, vintage, from_publication)
);
CREATE UNIQUE INDEX ON tileset (level, vintage) WHERE until_publication IS NULL;
COMMENT ON TABLE tileset IS 'Levels and vintages that have tiles; inputs is a digest of what they were made from';
