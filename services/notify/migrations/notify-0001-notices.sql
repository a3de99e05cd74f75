-- A notice is a row for each recipient and channel, so that what one channel did not take is tried again alone.

-- depends:

CREATE TABLE tickets (
    ticket_id uuid PRIMARY KEY,
    center text NOT NULL,
    number text NOT NULL
);
COMMENT ON TABLE tickets IS 'The numbers by which people know tickets; nothing else of a ticket is kept here.';

CREATE TABLE notices (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    ticket_id uuid NOT NULL,
    template text NOT NULL,
    light text CHECK (light IN ('green', 'yellow', 'red')),
    kind text,
    level integer,
    due_at timestamptz,
    created_at timestamptz NOT NULL,
    voided_at timestamptz
);
COMMENT ON COLUMN notices.id IS 'That of the request; of an escalation it follows from deadline, level and revision, so that it is unique.';
COMMENT ON COLUMN notices.kind IS 'Of an escalation: what should have been done in time.';
COMMENT ON COLUMN notices.voided_at IS 'Set also before the escalation itself has arrived: then nobody is notified when it does.';

CREATE TABLE recipients (
    notice_id uuid NOT NULL REFERENCES notices,
    center text NOT NULL,
    recipient text NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    voided_at timestamptz,
    failed_at timestamptz,
    PRIMARY KEY (notice_id, recipient)
);
COMMENT ON TABLE recipients IS 'The notices in the desk, by whose they are.';
COMMENT ON COLUMN recipients.failed_at IS 'When the last of the person''s own channels had failed.';
CREATE INDEX recipients_of_person ON recipients (center, recipient, created_at DESC, notice_id DESC);
CREATE INDEX recipients_unread ON recipients (center, recipient) WHERE read_at IS NULL AND voided_at IS NULL;

CREATE TABLE people (
    center text NOT NULL,
    staff text NOT NULL,
    quiet_begins time,
    quiet_ends time,
    digest_minutes integer NOT NULL DEFAULT 0,
    language text NOT NULL DEFAULT 'zh',
    PRIMARY KEY (center, staff)
);

CREATE TABLE channels (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    staff text NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    encrypted_address bytea NOT NULL,
    encrypted_secret bytea,
    -- Keyed: the same address of several people is the same robot, with one rate, and nobody reads the address off it.
    address_fingerprint bytea NOT NULL,
    enabled boolean NOT NULL,
    removed_at timestamptz,
    failing_since timestamptz,
    error text
);
COMMENT ON COLUMN channels.failing_since IS 'The first failure since the channel last took a message; null while it works.';
CREATE INDEX channels_of_person ON channels (center, staff) WHERE removed_at IS NULL;
CREATE INDEX channels_failing ON channels (center) WHERE failing_since IS NOT NULL AND removed_at IS NULL;

CREATE TABLE robots (
    center text NOT NULL,
    address_fingerprint bytea NOT NULL,
    tokens double precision NOT NULL,
    refilled_at timestamptz NOT NULL,
    free_at timestamptz NOT NULL,
    PRIMARY KEY (center, address_fingerprint)
);
COMMENT ON TABLE robots IS 'How many messages each robot may take just now (real time), whichever process sends them.';
COMMENT ON COLUMN robots.free_at IS 'Before that it takes none.';

CREATE TABLE deliveries (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    notice_id uuid NOT NULL REFERENCES notices,
    center text NOT NULL,
    recipient text NOT NULL,
    channel text NOT NULL,
    channel_id uuid REFERENCES channels,
    state text NOT NULL CHECK (state IN ('waiting', 'sending', 'delivered', 'failed', 'void')),
    attempts integer NOT NULL DEFAULT 0,
    unanswered integer NOT NULL DEFAULT 0,
    error text,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    hold_until timestamptz NOT NULL,
    next_try_at timestamptz NOT NULL,
    arrived_at timestamptz NOT NULL DEFAULT bancheng.real_now(),
    message_id uuid,
    leased_until timestamptz
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
COMMENT ON COLUMN deliveries.unanswered IS 'How often it was sent and nothing was answered: it may have arrived as often.';
COMMENT ON COLUMN deliveries.hold_until IS 'Quiet hours and digests, by Bancheng''s clock.';
COMMENT ON COLUMN deliveries.next_try_at IS 'By real time, as arrived_at and leased_until: the far side lives in no other.';
COMMENT ON COLUMN deliveries.message_id IS 'The message it was last sent in, with others perhaps. Sent again unanswered it is the same one, so that the far side can tell.';
COMMENT ON COLUMN deliveries.leased_until IS 'Until then a process waits for the answer; afterwards it counts as unanswered.';
CREATE UNIQUE INDEX deliveries_once ON deliveries (notice_id, recipient, channel, channel_id) NULLS NOT DISTINCT;
CREATE INDEX deliveries_waiting ON deliveries (channel_id) WHERE state IN ('waiting', 'sending');
CREATE INDEX deliveries_of_message ON deliveries (message_id) WHERE state = 'sending';
CREATE INDEX deliveries_of_center ON deliveries (center, id);
CREATE INDEX deliveries_failed ON deliveries (center, id) WHERE state = 'failed';
