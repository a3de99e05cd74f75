-- A person sends a test message through a channel of their own, to see whether it works.

-- depends: notify-0001-notices

CREATE TABLE channel_tests (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    center text NOT NULL,
    staff text NOT NULL,
    channel text NOT NULL,
    channel_id uuid NOT NULL REFERENCES channels,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'delivered', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    unanswered integer NOT NULL DEFAULT 0,
    error text,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT bancheng.real_now(),
    leased_until timestamptz
);
COMMENT ON TABLE channel_tests IS 'Sent once, whatever becomes of it: nobody waits for a test that comes later.';
COMMENT ON COLUMN channel_tests.asked_at IS 'Real time, as leased_until: by it the tests of an hour are counted.';
CREATE INDEX channel_tests_of_channel ON channel_tests (channel_id, id);
CREATE INDEX channel_tests_of_person ON channel_tests (center, staff, asked_at);
CREATE INDEX channel_tests_of_center ON channel_tests (center, id);
CREATE INDEX channel_tests_under_way ON channel_tests (id) WHERE state IN ('waiting', 'sending');
