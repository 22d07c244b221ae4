-- How the areas of one vintage hang together with those of another.
--
-- One row a pair of vintages, its links as arrays, because they are made, closed and read together;
-- the view `area_link` has them one by one. Versioned by publication: rows are closed, never
-- overwritten. The previous release neither reads nor writes these and goes on as it was.

CREATE TABLE area_link_pair (
    level text NOT NULL CHECK (level IN ('land', 'gemeente', 'wijk', 'buurt')),
    old_vintage smallint NOT NULL,
    new_vintage smallint NOT NULL CHECK (new_vintage > old_vintage),
    from_publication integer NOT NULL,
    until_publication integer CHECK (until_publication > from_publication),
    inputs bytea NOT NULL,
    stated boolean NOT NULL,
    tolerance double precision,
    slivers integer NOT NULL,
    sliver_m2 double precision NOT NULL,
    old_repaired integer NOT NULL,
    new_repaired integer NOT NULL,
    old_without_shape integer NOT NULL,
    new_without_shape integer NOT NULL,
    compared integer NOT NULL,
    disagreeing integer NOT NULL,
    links integer NOT NULL,
    disagreements jsonb NOT NULL,
    old_areas integer NOT NULL,
    new_areas integer NOT NULL,
    old_ordinals integer[] NOT NULL,
    new_ordinals integer[] NOT NULL,
    of_old double precision[] NOT NULL,
    of_new double precision[] NOT NULL,
    kinds smallint[] NOT NULL,
    methods smallint[] NOT NULL,
    new_methods smallint[] NOT NULL,
    reused integer[] NOT NULL,
    PRIMARY KEY (level, old_vintage, new_vintage, from_publication)
);
CREATE UNIQUE INDEX ON area_link_pair (level, old_vintage, new_vintage)
    WHERE until_publication IS NULL;
COMMENT ON TABLE area_link_pair IS 'Links between two vintages of a level, as parallel arrays of ordinals (-1: no area on that side)';
COMMENT ON COLUMN area_link_pair.inputs IS 'Digest of all that the links were made from';
COMMENT ON COLUMN area_link_pair.stated IS 'No map of one of the two: what the publisher states, and nothing else';
COMMENT ON COLUMN area_link_pair.tolerance IS 'Metres: what is thinner where two areas overlap is a sliver and no link';
COMMENT ON COLUMN area_link_pair.compared IS 'Areas of which the publisher states a change and the maps show one or none';
COMMENT ON COLUMN area_link_pair.disagreements IS 'Those where the two are not the same, as many as disagreeing says';
COMMENT ON COLUMN area_link_pair.reused IS 'Ordinals of new areas whose code stood for another area';

CREATE VIEW area_link AS
    SELECT p.level, p.old_vintage, o.code AS old_code, p.new_vintage, n.code AS new_code,
        nullif(l.of_old, 'NaN') AS of_old, nullif(l.of_new, 'NaN') AS of_new,
        (ARRAY['same', 'recoded', 'merged', 'split', 'redrawn', 'new', 'gone', 'unplaced'])
            [l.kind + 1] AS kind,
        (ARRAY['surface', 'addresses', 'population', 'stated'])[l.method + 1] AS method,
        coalesce(l.new_ordinal = ANY (p.reused), false) AS new_code_is_reused
    FROM area_link_pair AS p
    CROSS JOIN LATERAL unnest(
        p.old_ordinals, p.new_ordinals, p.of_old, p.of_new, p.kinds, p.methods
    ) AS l (old_ordinal, new_ordinal, of_old, of_new, kind, method)
    LEFT JOIN area AS o
        ON o.level = p.level AND o.vintage = p.old_vintage AND o.ordinal = l.old_ordinal
    LEFT JOIN area AS n
        ON n.level = p.level AND n.vintage = p.new_vintage AND n.ordinal = l.new_ordinal
    WHERE p.until_publication IS NULL;
COMMENT ON VIEW area_link IS 'Which area became which, and the share of either; as of the newest publication';
