-- How far the roll of open tickets has been called.

-- depends: intake-0001-tickets

CREATE TABLE roll (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    called_through uuid NOT NULL,
    next_call_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE roll IS 'Whoever calls a page locks the row, so that one replica does. next_call_at is real time.';

INSERT INTO roll (called_through) VALUES ('00000000-0000-0000-0000-000000000000');

CREATE INDEX tickets_open ON tickets (id)
    WHERE state IN ('registered', 'in_arbitration', 'assigned', 'awaiting_materials');
