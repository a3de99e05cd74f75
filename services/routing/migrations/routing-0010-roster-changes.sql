-- Who sits at the window where that is another than the center file has it.

-- depends: routing-0002-timeline-of-all

CREATE TABLE roster_changes (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('swap', 'leave')),
    state text NOT NULL CHECK (state IN ('proposed', 'in_force', 'refused', 'withdrawn')),
    leader text NOT NULL,
    other text,
    opens_at timestamptz,
    other_opens_at timestamptz,
    first date NOT NULL,
    last date NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    in_force_since timestamptz
);
COMMENT ON TABLE roster_changes IS 'Swaps of sittings and leaves of leaders. A swap names sittings by when they open; it has no effect where the center file has another leader for them since.';
COMMENT ON COLUMN roster_changes.other IS 'Of a swap the other leader, of a leave the substitute; null while there is none.';
COMMENT ON COLUMN roster_changes.last IS 'The last day that it touches, in the center''s time; first is the first.';

CREATE INDEX roster_changes_to_come ON roster_changes (center, last) WHERE state IN ('proposed', 'in_force');
