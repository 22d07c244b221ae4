-- name: add
-- $1 id, $2 address, $3 secret, $4 now. It is told of publications after the newest one.
INSERT INTO webhook (id, url, secret, created_at, told_of)
VALUES ($1, $2, $3, $4, (SELECT coalesce(max(number), 0) FROM publication));

-- name: all
-- Without secrets.
SELECT w.id, w.url, w.created_at, w.told_of, w.failing_since, w.disabled_at, w.disabled_why,
    w.former_until,
    count(d.publication) FILTER (WHERE d.delivered_at IS NULL) AS waiting
FROM webhook AS w
LEFT JOIN webhook_delivery AS d ON d.webhook_id = w.id
GROUP BY w.id
ORDER BY w.created_at, w.id;

-- name: one
SELECT id AS webhook_id, url, secret, former_secret, former_until FROM webhook WHERE id = $1;

-- name: remove
DELETE FROM webhook WHERE id = $1;

-- name: rotate
-- $1 id, $2 new secret, $3 until when the former one also signs
UPDATE webhook SET former_secret = secret, former_until = $3, secret = $2 WHERE id = $1;

-- name: enable
-- What it was not told of meanwhile is due now.  $1 id, $2 now
WITH enabled AS (
    UPDATE webhook SET disabled_at = NULL, disabled_why = NULL, failing_since = NULL
    WHERE id = $1
    RETURNING id
),
due AS (
    UPDATE webhook_delivery AS d SET attempts = 0, due_at = $2
    FROM enabled AS e
    WHERE d.webhook_id = e.id AND d.delivered_at IS NULL
)
SELECT id FROM enabled;

-- name: lock
-- Whether this connection is now the one that delivers; for as long as it is open.
SELECT pg_try_advisory_lock(7301421);

-- name: plan
-- Deliveries for publications that subscriptions were not told of yet.  $1 now
WITH missing AS (
    SELECT w.id, p.number
    FROM webhook AS w
    JOIN publication AS p ON p.number > w.told_of
    WHERE w.disabled_at IS NULL
),
planned AS (
    INSERT INTO webhook_delivery (webhook_id, publication, due_at)
    SELECT id, number, $1 FROM missing
    ON CONFLICT DO NOTHING
)
UPDATE webhook AS w SET told_of = m.newest
FROM (SELECT id, max(number) AS newest FROM missing GROUP BY id) AS m
WHERE w.id = m.id;

-- name: due
-- What is to be sent now, the longest waiting first.  $1 now, $2 at most
SELECT d.webhook_id, d.publication, d.attempts, w.url, w.secret, w.former_secret, w.former_until,
    p.published_at, p.fictional, p.counts
FROM webhook_delivery AS d
JOIN webhook AS w ON w.id = d.webhook_id
JOIN publication AS p ON p.number = d.publication
WHERE d.delivered_at IS NULL AND d.due_at <= $1 AND w.disabled_at IS NULL
ORDER BY d.due_at, d.webhook_id, d.publication
LIMIT $2;

-- name: log
-- $1 subscription, $2 publication, $3 now, $4 status, $5 problem
INSERT INTO webhook_attempt (webhook_id, publication, at, status, problem)
SELECT $1, $2, $3, $4, $5
WHERE EXISTS (SELECT 1 FROM webhook WHERE id = $1);

-- name: forget
-- All but the newest tries of a subscription, and of what was delivered.  $1 subscription, $2 how many
WITH tried AS (
    DELETE FROM webhook_attempt
    WHERE webhook_id = $1 AND at < (
        SELECT at FROM webhook_attempt WHERE webhook_id = $1
        ORDER BY at DESC OFFSET $2 - 1 LIMIT 1
    )
)
DELETE FROM webhook_delivery
WHERE webhook_id = $1 AND delivered_at IS NOT NULL AND publication < (
    SELECT publication FROM webhook_delivery
    WHERE webhook_id = $1 AND delivered_at IS NOT NULL
    ORDER BY publication DESC OFFSET $2 - 1 LIMIT 1
);

-- name: delivered
-- $1 subscription, $2 publication, $3 now
WITH done AS (
    UPDATE webhook_delivery SET delivered_at = $3, attempts = attempts + 1
    WHERE webhook_id = $1 AND publication = $2
)
UPDATE webhook SET failing_since = NULL WHERE id = $1;

-- name: failed
-- $1 subscription, $2 publication, $3 now, $4 when to try again
WITH again AS (
    UPDATE webhook_delivery SET due_at = $4, attempts = attempts + 1
    WHERE webhook_id = $1 AND publication = $2
)
UPDATE webhook SET failing_since = coalesce(failing_since, $3) WHERE id = $1
RETURNING failing_since;

-- name: disable
-- $1 subscription, $2 now, $3 why
UPDATE webhook SET disabled_at = $2, disabled_why = $3 WHERE id = $1 AND disabled_at IS NULL;

-- name: attempts
-- The newest $2 tries of a subscription.
SELECT publication, at, status, problem
FROM webhook_attempt
WHERE webhook_id = $1
ORDER BY at DESC
LIMIT $2;
