-- Publications that must not be answered from any more: the number stays taken, its answers are gone.
--
-- Its rows stay, because later publications share them.

CREATE TABLE withdrawn_publication (
    number integer PRIMARY KEY REFERENCES publication,
    withdrawn_at timestamptz NOT NULL,
    reason_nl text NOT NULL,
    reason_en text NOT NULL
);
COMMENT ON TABLE withdrawn_publication IS 'Publications that requests may no longer name, and why';
