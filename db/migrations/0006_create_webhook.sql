-- Who is told of a new publication, and what came of telling them.
--
-- Managed by the operator's command line only. The secret signs what is sent: it has to be here as it is.

CREATE TABLE webhook (
    id text PRIMARY KEY,
    url text NOT NULL,
    secret text NOT NULL,
    former_secret text,
    former_until timestamptz,
    created_at timestamptz NOT NULL,
    told_of integer NOT NULL,
    failing_since timestamptz,
    disabled_at timestamptz,
    disabled_why text,
    CHECK ((former_secret IS NULL) = (former_until IS NULL)),
    CHECK ((disabled_at IS NULL) = (disabled_why IS NULL))
);
COMMENT ON TABLE webhook IS 'Subscriptions to new publications (Standard Webhooks)';
COMMENT ON COLUMN webhook.former_secret IS 'Signs beside the other one while it is rotated';
COMMENT ON COLUMN webhook.told_of IS 'Deliveries exist of publications up to and including this one';

CREATE TABLE webhook_delivery (
    webhook_id text NOT NULL REFERENCES webhook ON DELETE CASCADE,
    publication integer NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    delivered_at timestamptz,
    PRIMARY KEY (webhook_id, publication)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (due_at) WHERE delivered_at IS NULL;
COMMENT ON TABLE webhook_delivery IS 'What each subscription is to be told, once';

CREATE TABLE webhook_attempt (
    webhook_id text NOT NULL REFERENCES webhook ON DELETE CASCADE,
    publication integer NOT NULL,
    at timestamptz NOT NULL,
    status smallint,
    problem text,
    CHECK (status IS NOT NULL OR problem IS NOT NULL)
);
CREATE INDEX ON webhook_attempt (webhook_id, at);
COMMENT ON TABLE webhook_attempt IS 'Every try: the status that was answered, or why there was none';
