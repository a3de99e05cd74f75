-- What every service keeps, each in its own schema.

-- depends:

CREATE TABLE outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    center text NOT NULL,
    correlation_id uuid NOT NULL,
    announced_at timestamptz NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    data json NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE outbox IS 'Events that the broker has not confirmed yet; a confirmed one is deleted. announced_at is by Bancheng''s clock, stored_at by the machine''s.';

CREATE TABLE inbox (
    event_id uuid PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE inbox IS 'Every event that was taken, once; what could not be handled yet has a row in held.';

CREATE INDEX inbox_by_age ON inbox USING brin (received_at);

CREATE TABLE held (
    event_id uuid PRIMARY KEY REFERENCES inbox,
    type text,
    subject text,
    body bytea NOT NULL,
    attempts integer NOT NULL,
    early_attempts integer NOT NULL DEFAULT 0,
    next_try_at timestamptz,
    error text NOT NULL,
    held_since timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE held IS 'Waiting events (next_try_at is set) and parked ones (it is null), with all that is needed to try them again. attempts ended in an error; early_attempts came before the event''s cause, or before a program that knows its type.';

CREATE INDEX held_next_try ON held (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX held_of_subject ON held (subject) WHERE next_try_at IS NOT NULL;

CREATE TABLE idempotency (
    actor text NOT NULL,
    key text NOT NULL,
    request bytea NOT NULL,
    status integer,
    reply bytea,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (actor, key)
);
COMMENT ON TABLE idempotency IS 'What was answered to a request with an Idempotency-Key; request is its fingerprint, reply is sealed.';

CREATE INDEX idempotency_by_age ON idempotency USING brin (stored_at);

CREATE TABLE centers (
    code text NOT NULL,
    version integer NOT NULL,
    body json NOT NULL,
    PRIMARY KEY (code, version)
);
COMMENT ON TABLE centers IS 'This service''s own copy of every version of every center file.';

CREATE TABLE revocations (
    center text NOT NULL,
    staff text NOT NULL,
    not_before timestamptz NOT NULL,
    PRIMARY KEY (center, staff)
);
COMMENT ON TABLE revocations IS 'Access tokens of staff (or of a feeding system) that were issued up to not_before (real time) hold no longer.';
