-- What was taken in, who asked for it (encrypted), and what the citizen may be told of it.

-- depends:

CREATE TABLE tickets (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    number text NOT NULL,
    query_code bytea NOT NULL,
    registered_at timestamptz NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    matter text,
    cause text,
    channel text NOT NULL,
    first_responsible text NOT NULL,
    registered_by text NOT NULL,
    repeat_of uuid,
    applicant_kind text NOT NULL,
    organisation text,
    credit_code text,
    encrypted_title bytea NOT NULL,
    encrypted_text bytea NOT NULL,
    encrypted_name bytea NOT NULL,
    encrypted_phone bytea NOT NULL,
    encrypted_id_number bytea,
    phone_fingerprint bytea NOT NULL,
    id_number_fingerprint bytea,
    applicant_fingerprints text[] NOT NULL,
    -- Where it stands (rules.RoundState).
    state text NOT NULL,
    round integer NOT NULL DEFAULT 1,
    since timestamptz NOT NULL,
    resume_state text,
    -- What was done at the window.
    decline_reason text,
    remedy text,
    declined_by text,
    withdrawn_by text,
    materials text[] NOT NULL DEFAULT '{}',
    -- What the other services told.
    routed_at timestamptz,
    lead text,
    complexity text,
    answered_at timestamptz,
    answer text,
    due_at timestamptz,
    due_round integer NOT NULL DEFAULT 0,
    due_is_report boolean NOT NULL DEFAULT false,
    due_revision integer NOT NULL DEFAULT 0
) WITH (fillfactor = 85);
COMMENT ON TABLE tickets IS 'title, text, remedy, materials and answer hold no personal data of the applicant; what does is encrypted (services.intake.ciphers) or a fingerprint.';
COMMENT ON COLUMN tickets.query_code IS 'A fingerprint: the code itself is told to the citizen once and kept nowhere.';
COMMENT ON COLUMN tickets.withdrawn_by IS 'The clerk who was told; null when the citizen withdrew with the code.';
COMMENT ON COLUMN tickets.applicant_fingerprints IS 'What was announced for staff texts to be masked by (services.privacy.fingerprints).';
COMMENT ON COLUMN tickets.due_round IS 'With due_is_report and due_revision: which news of the promise due_at is from, so that late news is told from later news.';

CREATE UNIQUE INDEX tickets_number ON tickets (number);
CREATE INDEX tickets_newest ON tickets (center, id);
CREATE INDEX tickets_registered_by ON tickets (center, registered_by, registered_at);
CREATE INDEX tickets_phone ON tickets (phone_fingerprint, registered_at);
CREATE INDEX tickets_id_number ON tickets (id_number_fingerprint, registered_at) WHERE id_number_fingerprint IS NOT NULL;
-- The id of the key that a ticket was encrypted with, as the ciphertext itself says.
CREATE INDEX tickets_key ON tickets (substring(encrypted_phone FROM 3 FOR get_byte(encrypted_phone, 1)));

CREATE TABLE counters (
    center text NOT NULL,
    day date NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (center, day)
) WITH (fillfactor = 20);
COMMENT ON TABLE counters IS 'The last number given on a local day of a center. Numbers have no gaps: a rollback gives its number back.';

CREATE TABLE ratings (
    ticket_id uuid NOT NULL REFERENCES tickets,
    round integer NOT NULL,
    rating text NOT NULL,
    comment text NOT NULL,
    rated_at timestamptz NOT NULL,
    recorded_by text,
    PRIMARY KEY (ticket_id, round)
);
COMMENT ON TABLE ratings IS 'The citizen''s rating of each round; recorded_by is the clerk who wrote it down, null when the citizen did. comment is masked.';

CREATE TABLE material_requests (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id uuid NOT NULL REFERENCES tickets,
    round integer NOT NULL,
    items text[] NOT NULL,
    working_days_left integer NOT NULL,
    requested_at timestamptz NOT NULL,
    requested_by text NOT NULL,
    supplied_at timestamptz,
    supplied_by text
);
COMMENT ON TABLE material_requests IS 'Each time the applicant was asked for papers, and the promise waited for working_days_left at most. items are masked.';

CREATE INDEX material_requests_ticket ON material_requests (ticket_id, round);

CREATE TABLE reveals (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id uuid NOT NULL REFERENCES tickets,
    center text NOT NULL,
    staff text NOT NULL,
    reason text NOT NULL,
    revealed_at timestamptz NOT NULL
);
COMMENT ON TABLE reveals IS 'Who was shown an applicant''s personal data, when and why. reason is masked.';

CREATE TABLE phone_searches (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    center text NOT NULL,
    staff text NOT NULL,
    reason text NOT NULL,
    phone_fingerprint bytea NOT NULL,
    found integer NOT NULL,
    searched_at timestamptz NOT NULL,
    counted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE phone_searches IS 'Who looked for the tickets of a phone, when and why, hit or miss. reason is masked, phone_fingerprint a fingerprint. counted_at is real time, by which searches an hour are counted.';

CREATE INDEX phone_searches_staff ON phone_searches (center, staff, counted_at);

INSERT INTO bancheng.append_only VALUES ('reveals'::regclass), ('phone_searches'::regclass);

CREATE INDEX reveals_ticket ON reveals (ticket_id);

CREATE INDEX tickets_open ON tickets (id)
    WHERE state IN ('registered', 'in_arbitration', 'assigned', 'awaiting_materials');

CREATE TABLE open_ticket_listing (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    listed_through uuid NOT NULL,
    next_page_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE open_ticket_listing IS 'Up to which ticket the open ones have been listed for the reconciliation. Whoever lists a page locks the row, so that one replica does. next_page_at is real time.';

INSERT INTO open_ticket_listing (listed_through) VALUES ('00000000-0000-0000-0000-000000000000');
