-- One row is one deadline. Firing a mark advances the row, so what falls due next is one look into a partial index.

-- depends:

CREATE TABLE tickets (
    ticket_id uuid PRIMARY KEY,
    center text NOT NULL,
    number text,
    facts jsonb NOT NULL DEFAULT '[]',
    pauses_ended_at timestamptz
);
COMMENT ON TABLE tickets IS 'What deadlines of one ticket share. Who changes a ticket''s deadlines locks this row first.';
COMMENT ON COLUMN tickets.number IS 'Null while other events of the ticket have arrived and its registration has not.';
COMMENT ON COLUMN tickets.facts IS 'What has happened to the ticket, in the order in which it happened: its deadlines follow from this alone.';
COMMENT ON COLUMN tickets.pauses_ended_at IS 'The instant as of which pauses that have lasted as long as they may were ended.';

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
    next_mark integer NOT NULL,
    next_mark_at timestamptz,
    counted_from timestamptz NOT NULL,
    remaining interval,
    extended integer NOT NULL,
    asked_at timestamptz,
    pause_ends_at timestamptz,
    announced_changes jsonb NOT NULL DEFAULT '[]',
    sequence integer NOT NULL DEFAULT 0,
    correlation_id uuid NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
COMMENT ON COLUMN deadlines.id IS 'Follows from about, kind and round, so that the key keeps them unique.';
COMMENT ON COLUMN deadlines.about IS 'What must be done in time: the ticket, an assignment, an arbitration.';
COMMENT ON COLUMN deadlines.time_limit IS 'The limit that the center file had when the deadline was set; a later file does not change it.';
COMMENT ON COLUMN deadlines.marks IS 'The levels of the ladder that were announced, then those to be announced, in order. "old_revision" is the due time that one belongs to, and "old_department" for whom it was announced, where that is not the present one.';
COMMENT ON COLUMN deadlines.next_mark IS 'Which of the marks is next, from 0: those before it were announced.';
COMMENT ON COLUMN deadlines.next_mark_at IS 'When the watch has to look at this row. A deadline that has ended keeps it until the marks that it had reached by then are announced.';
COMMENT ON COLUMN deadlines.counted_from IS 'Where the present count began: the start, or the end of the last pause; while paused, its beginning.';
COMMENT ON COLUMN deadlines.remaining IS 'The working time that was left at the last pause; null if there was none.';
COMMENT ON COLUMN deadlines.extended IS 'Working days granted since counted_from.';
COMMENT ON COLUMN deadlines.asked_at IS 'When the applicant was last asked for materials.';
COMMENT ON COLUMN deadlines.revision IS 'How many due times were announced, those that turned out void included.';
COMMENT ON COLUMN deadlines.announced_changes IS 'What was announced of the deadline besides marks, as far as it holds, with every due time that it had.';
COMMENT ON COLUMN deadlines.sequence IS 'How many events were announced of the deadline.';

-- Firing rewrites the row and an entry in each index that holds it, so an open deadline is in as few as possible.
CREATE INDEX deadlines_next_mark ON deadlines (next_mark_at) WHERE next_mark_at IS NOT NULL;
CREATE INDEX deadlines_paused ON deadlines (pause_ends_at) WHERE state = 'paused';
CREATE INDEX deadlines_of_ticket ON deadlines (ticket_id);
CREATE INDEX deadlines_open ON deadlines (center, due_at, id, department, kind, light) WHERE ended_at IS NULL;
CREATE INDEX deadlines_ended ON deadlines (center, due_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX deadlines_provisional ON deadlines (center, calendar_version)
    WHERE provisional AND ended_at IS NULL AND state <> 'breached';

CREATE VIEW due_now AS SELECT id FROM deadlines
    WHERE next_mark_at <= bancheng.now() OR (pause_ends_at <= bancheng.now() AND state = 'paused');
COMMENT ON VIEW due_now IS 'What the watch has still to do, whether or not the events of the other services have arrived so far.';

CREATE TABLE watermarks (
    source text PRIMARY KEY,
    reached_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE watermarks IS 'How far each service has come: all events of what it did before reached_at (Bancheng''s clock) have arrived.';

CREATE TABLE clock_readings (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    database_time timestamptz NOT NULL,
    machine_time timestamptz NOT NULL,
    boot_id text NOT NULL,
    since_boot double precision NOT NULL,
    watching_since timestamptz NOT NULL
);
COMMENT ON TABLE clock_readings IS 'The last reading of the database''s clock that was trusted, beside the clocks of the machine that took it.';
COMMENT ON COLUMN clock_readings.watching_since IS 'Since when somebody has watched without a break.';
