-- name: put
-- What the codes in observations mean, for people who read the tables.  $1 codes, $2 slugs,
-- $3 statuses, $4 texts in Dutch, $5 texts in English
INSERT INTO reason (code, slug, status, text_nl, text_en)
SELECT * FROM unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[])
ON CONFLICT (code) DO UPDATE
SET slug = excluded.slug, status = excluded.status, text_nl = excluded.text_nl,
    text_en = excluded.text_en
WHERE (reason.slug, reason.status, reason.text_nl, reason.text_en)
    <> (excluded.slug, excluded.status, excluded.text_nl, excluded.text_en);
