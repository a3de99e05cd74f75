-- What people did to parked events over HTTP, and why.

-- depends: plumbing-0001

CREATE TABLE parked_acts (
    event_id uuid NOT NULL,
    type text,
    act text NOT NULL CHECK (act IN ('replay', 'discard')),
    center text NOT NULL,
    acted_by text NOT NULL,
    acted_at timestamptz NOT NULL,
    reason text,
    error text NOT NULL
);
COMMENT ON TABLE parked_acts IS 'An event that is discarded is forgotten: who did it, and why, is not. acted_at is by Bancheng''s clock; error is why it was parked.';

CREATE INDEX parked_acts_of_event ON parked_acts (event_id);

INSERT INTO bancheng.append_only VALUES ('parked_acts'::regclass);
