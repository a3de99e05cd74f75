-- The special-topic report is signed by every department that assists. It counts as filed when the lead files it: no
-- deadline waits for signatures.

-- depends: routing-0006-meetings

CREATE TABLE report_signatures (
    ticket_id uuid NOT NULL REFERENCES tickets,
    round integer NOT NULL,
    department text NOT NULL,
    signed_by text NOT NULL,
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, round, department)
);

CREATE INDEX tickets_reported ON tickets (center, id)
    WHERE reported_at IS NOT NULL AND state IN ('assigned', 'answered') AND assisting <> '{}';
