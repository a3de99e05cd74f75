-- Joint meetings of the departments of a complex ticket: called by a leader, moved, cancelled, or held with an outcome.

-- depends: routing-0005-handled-by

CREATE TABLE meetings (
    id uuid PRIMARY KEY,
    ticket_id uuid NOT NULL REFERENCES tickets,
    center text NOT NULL,
    round integer NOT NULL,
    state text NOT NULL CHECK (state IN ('called', 'held', 'cancelled')),
    meets_at timestamptz NOT NULL,
    place text NOT NULL,
    departments text[] NOT NULL,
    called_by text NOT NULL,
    called_at timestamptz NOT NULL,
    outcome text,
    why text,
    ended_by text,
    ended_at timestamptz
);
COMMENT ON COLUMN meetings.why IS 'Why it was last moved, or cancelled.';
COMMENT ON COLUMN meetings.ended_at IS 'When its outcome was noted, or when it was cancelled.';

CREATE INDEX meetings_of_ticket ON meetings (ticket_id);
CREATE UNIQUE INDEX meetings_one_to_come ON meetings (ticket_id) WHERE state = 'called';
CREATE INDEX meetings_to_come ON meetings (center, meets_at, id) WHERE state = 'called';

-- Among which those are that need one.
CREATE INDEX tickets_of_several_departments ON tickets (center, id)
    WHERE complexity = 'complex' AND state = 'assigned' AND assisting <> '{}';
