-- Sittings that were opened, and their minutes. What nobody opened has no row: the roster says that it was to be held.

-- depends: routing-0002-timeline-of-all

CREATE TABLE sittings (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    leader text NOT NULL,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    opened_at timestamptz NOT NULL,
    opened_by text NOT NULL,
    closed_at timestamptz,
    closed_by text,
    left_undone jsonb NOT NULL DEFAULT '[]',
    minutes text,
    handover text,
    written_by text,
    UNIQUE (center, opens_at)
);
COMMENT ON COLUMN sittings.opens_at IS 'By the roster, as closes_at is; opened_at and closed_at are when somebody did it.';
COMMENT ON COLUMN sittings.left_undone IS 'What lay on the docket when it was closed.';
COMMENT ON COLUMN sittings.minutes IS 'As the leader wrote them; null while the draft is as the program wrote it.';

CREATE TABLE signed_minutes (
    sitting_id uuid PRIMARY KEY REFERENCES sittings,
    minutes text NOT NULL,
    handover text NOT NULL,
    signed_by text NOT NULL,
    signed_at timestamptz NOT NULL
);
COMMENT ON TABLE signed_minutes IS 'What was signed; nothing of it can be changed afterwards.';

INSERT INTO bancheng.append_only VALUES ('signed_minutes'::regclass);

CREATE INDEX timeline_of_decisions ON timeline (center, at)
    WHERE what IN ('arbitration.decided', 'ticket.reclassified', 'extension.granted', 'extension.refused');
