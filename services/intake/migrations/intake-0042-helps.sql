-- 帮办代办: who of the window helped a visitor how, for how long, and how satisfied they said they were.

-- depends: intake-0041-tolerance

CREATE TABLE helps (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    ticket_id uuid REFERENCES tickets,
    kind text NOT NULL CHECK (kind IN ('fill', 'operate', 'ask', 'accompany')),
    helper text NOT NULL,
    need text NOT NULL CHECK (need IN ('elderly', 'disabled', 'other')),
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    satisfaction integer CHECK (satisfaction BETWEEN 1 AND 5),
    recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE helps IS 'Nothing of the visitor is kept, nor what it was about beyond the ticket.';
CREATE INDEX helps_of_helper ON helps (center, helper, id);
CREATE INDEX helps_by_time ON helps (center, started_at);
CREATE INDEX helps_of_ticket ON helps (ticket_id) WHERE ticket_id IS NOT NULL;
