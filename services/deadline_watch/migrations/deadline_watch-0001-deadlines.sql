-- One row is one clock. Firing a mark advances the row, so what falls due next is one look into a partial index.

-- depends:

CREATE TABLE tickets (
    ticket_id uuid PRIMARY KEY,
    center text NOT NULL,
    number text NOT NULL,
    lead text,
    routed_at timestamptz,
    ended_at timestamptz
);
COMMENT ON TABLE tickets IS 'What clocks of one ticket share. Who changes a ticket''s clocks locks this row first. ended_at: declined or withdrawn.';

CREATE TABLE deadlines (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    ticket_id uuid NOT NULL REFERENCES tickets,
    kind text NOT NULL,
    round integer NOT NULL,
    about uuid NOT NULL,
    department text,
    started_at timestamptz NOT NULL,
    time_limit jsonb NOT NULL,
    due_at timestamptz NOT NULL,
    counted date[] NOT NULL,
    provisional boolean NOT NULL,
    calendar_version text NOT NULL,
    center_version integer NOT NULL,
    revision integer NOT NULL,
    revised_at timestamptz NOT NULL,
    why text NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'paused', 'met', 'breached', 'cancelled')),
    light text CHECK (light IN ('green', 'yellow', 'red')),
    ended_at timestamptz,
    marks jsonb NOT NULL,
    position integer NOT NULL,
    next_mark_at timestamptz,
    counted_from timestamptz NOT NULL,
    remaining interval,
    extended integer NOT NULL,
    asked_at timestamptz,
    pause_ends_at timestamptz,
    correlation_id uuid NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
COMMENT ON COLUMN deadlines.id IS 'Follows from about, kind and round, so that the key keeps them unique.';
COMMENT ON COLUMN deadlines.about IS 'What must be done in time: the ticket, an assignment, an arbitration.';
COMMENT ON COLUMN deadlines.time_limit IS 'The limit that the center file had when the clock was set; a later file does not change it.';
COMMENT ON COLUMN deadlines.marks IS 'The rungs of the ladder when the clock was set, with their instants under this revision, in order.';
COMMENT ON COLUMN deadlines.position IS 'Which of the marks is next, from 0; those before it were announced or, being past already, left out.';
COMMENT ON COLUMN deadlines.next_mark_at IS 'When the watch has to look at this row: at the next mark, or when a pause has lasted as long as it may.';
COMMENT ON COLUMN deadlines.counted_from IS 'Where the present count began: the start, or the end of the last pause; while paused, its beginning.';
COMMENT ON COLUMN deadlines.remaining IS 'The working time that was left at the last pause; null if there was none.';
COMMENT ON COLUMN deadlines.extended IS 'Working days granted since counted_from.';
COMMENT ON COLUMN deadlines.asked_at IS 'When the applicant was last asked for materials.';

-- Firing rewrites the row and an entry in each index that holds it, so an open clock is in as few as possible.
CREATE INDEX deadlines_next_mark ON deadlines (next_mark_at) WHERE next_mark_at IS NOT NULL;
CREATE INDEX deadlines_of_ticket ON deadlines (ticket_id);
CREATE INDEX deadlines_open ON deadlines (center, due_at, id, department, kind, light) WHERE ended_at IS NULL;
CREATE INDEX deadlines_ended ON deadlines (center, due_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX deadlines_provisional ON deadlines (center, calendar_version)
    WHERE provisional AND ended_at IS NULL AND state <> 'breached';

CREATE TABLE revisions (
    deadline_id uuid NOT NULL REFERENCES deadlines,
    revision integer NOT NULL,
    due_at timestamptz NOT NULL,
    counted date[] NOT NULL,
    provisional boolean NOT NULL,
    calendar_version text NOT NULL,
    center_version integer NOT NULL,
    revised_at timestamptz NOT NULL,
    why text NOT NULL,
    PRIMARY KEY (deadline_id, revision)
);
COMMENT ON TABLE revisions IS 'Due times that deadlines once had, written when they ended and never rewritten.';
