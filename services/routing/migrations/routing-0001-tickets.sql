-- Who handles a ticket, what each department does about it, and who was told that it is late.
-- Rows that only ever grow (timeline, escalations, search terms) and deadlines, which may arrive before their ticket,
-- have no foreign key: it would lock the ticket's row in every burst of breaches.

-- depends:

CREATE TABLE tickets (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    number text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    matter text,
    cause text,
    channel text NOT NULL,
    first_responsible text NOT NULL,
    registered_at timestamptz NOT NULL,
    state text NOT NULL CHECK (
        state IN ('registered', 'in_arbitration', 'assigned', 'answered', 'closed', 'declined', 'withdrawn')
    ),
    awaiting_materials boolean NOT NULL DEFAULT false,
    materials_at timestamptz,
    shown_state text NOT NULL GENERATED ALWAYS AS (
        CASE WHEN awaiting_materials AND state IN ('registered', 'in_arbitration', 'assigned')
            THEN 'awaiting_materials' ELSE state END
    ) STORED,
    round integer NOT NULL DEFAULT 1,
    complexity text,
    lead text,
    assisting text[] NOT NULL DEFAULT '{}',
    rule text,
    decided_by text,
    why text,
    answer text,
    answered_at timestamptz,
    report text,
    reported_at timestamptz,
    outcome text,
    closed_at timestamptz,
    complex_since timestamptz,
    extended_at timestamptz,
    ended_at timestamptz,
    applicant_fingerprints text[] NOT NULL DEFAULT '{}'
);
COMMENT ON COLUMN tickets.applicant_fingerprints IS 'By what staff texts are masked against the applicant, of whom nothing is known here (services.privacy.fingerprints).';
COMMENT ON COLUMN tickets.shown_state IS 'The state as people see it: while the applicant''s papers are awaited, that.';
COMMENT ON COLUMN tickets.materials_at IS 'When papers were last asked for or supplied, so that what arrives late changes nothing.';
COMMENT ON COLUMN tickets.extended_at IS 'When the promise of the present round was last extended.';
COMMENT ON COLUMN tickets.ended_at IS 'When it was declined or withdrawn.';
COMMENT ON COLUMN tickets.answer IS 'Answer, report and outcome are those of the present round; earlier ones stand in the timeline.';

CREATE INDEX tickets_by_center ON tickets (center, id);
CREATE INDEX tickets_of_lead ON tickets (center, lead) WHERE state = 'assigned';
CREATE INDEX tickets_by_number ON tickets (number);
CREATE INDEX tickets_by_shown_state ON tickets (center, shown_state, id);

CREATE TABLE search_terms (
    ticket_id uuid PRIMARY KEY,
    center text NOT NULL,
    terms text[] NOT NULL
);
COMMENT ON TABLE search_terms IS 'By what a ticket is found: the pairs of characters of its masked title and text. Written once.';

CREATE INDEX search_terms_by_term ON search_terms USING gin (terms);

CREATE TABLE search_backlog (ticket_id uuid PRIMARY KEY);
COMMENT ON TABLE search_backlog IS 'New tickets that cannot be found by words yet.';

CREATE TABLE assignments (
    id uuid PRIMARY KEY,
    ticket_id uuid NOT NULL REFERENCES tickets,
    center text NOT NULL,
    round integer NOT NULL,
    department text NOT NULL,
    role text NOT NULL CHECK (role IN ('lead', 'assisting')),
    state text NOT NULL CHECK (state IN ('made', 'accepted', 'returned', 'completed', 'replaced')),
    final boolean NOT NULL DEFAULT false,
    made_at timestamptz NOT NULL,
    next_due_at timestamptz NOT NULL DEFAULT 'infinity',
    accepted_at timestamptz,
    accepted_by text,
    returned_at timestamptz,
    returned_by text,
    reason text,
    explanation text,
    completed_at timestamptz,
    completed_by text,
    result text,
    replaced_at timestamptz
);
COMMENT ON COLUMN assignments.next_due_at IS 'When the first of its deadlines is due that runs or is broken; infinity where none is. Kept while it is open.';
COMMENT ON COLUMN assignments.final IS 'Made by the duty leader''s decision: it cannot be returned.';

CREATE INDEX assignments_of_ticket ON assignments (ticket_id);
CREATE INDEX assignments_of_department ON assignments (center, department, id);
CREATE INDEX assignments_due ON assignments (center, next_due_at, id) WHERE state IN ('made', 'accepted');
CREATE INDEX assignments_due_of_department ON assignments (center, department, next_due_at, id)
    WHERE state IN ('made', 'accepted');
CREATE INDEX assignments_by_state ON assignments (center, state, id);
CREATE UNIQUE INDEX assignments_one_part_each ON assignments (ticket_id, round, department)
    WHERE state IN ('made', 'accepted', 'completed');

CREATE TABLE arbitrations (
    id uuid PRIMARY KEY,
    ticket_id uuid NOT NULL REFERENCES tickets,
    center text NOT NULL,
    round integer NOT NULL,
    reason text NOT NULL CHECK (reason IN ('no_rule', 'returned', 'department_gone')),
    requested_at timestamptz NOT NULL,
    ended_at timestamptz,
    decided_by text,
    why text
);
COMMENT ON TABLE arbitrations IS 'The duty leader''s docket. ended_at without decided_by: the ticket ended before anybody decided.';

CREATE UNIQUE INDEX arbitrations_one_at_a_time ON arbitrations (ticket_id) WHERE ended_at IS NULL;
CREATE INDEX arbitrations_of_ticket ON arbitrations (ticket_id);
CREATE INDEX arbitrations_docket ON arbitrations (center, id) WHERE ended_at IS NULL;

CREATE TABLE extensions (
    id uuid PRIMARY KEY,
    ticket_id uuid NOT NULL REFERENCES tickets,
    center text NOT NULL,
    round integer NOT NULL,
    working_days integer NOT NULL,
    reason text NOT NULL,
    legal_basis text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('requested', 'granted', 'refused', 'lapsed')),
    decided_by text,
    decided_at timestamptz,
    why text
);
COMMENT ON TABLE extensions IS 'More time that was asked for. What a leader asks for is granted at once; lapsed: the ticket ended before anybody decided.';

CREATE INDEX extensions_of_ticket ON extensions (ticket_id, round);
CREATE UNIQUE INDEX extensions_one_request ON extensions (ticket_id) WHERE state = 'requested';
CREATE INDEX extensions_to_decide ON extensions (center, id) WHERE state = 'requested';

CREATE TABLE deadlines (
    deadline_id uuid PRIMARY KEY,
    ticket_id uuid NOT NULL,
    kind text NOT NULL,
    round integer NOT NULL,
    department text,
    department_sequence integer NOT NULL,
    due_at timestamptz,
    due_revision integer NOT NULL,
    revision integer NOT NULL,
    sequence integer NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'paused', 'met', 'breached', 'cancelled'))
);
COMMENT ON TABLE deadlines IS 'What deadline_watch has announced of each deadline, as far as it has arrived; what that service says counts.';
COMMENT ON COLUMN deadlines.department_sequence IS 'The sequence of the event that names the department, as due_revision is the revision of due_at.';

CREATE INDEX deadlines_of_ticket ON deadlines (ticket_id, round);

CREATE TABLE escalations (
    deadline_id uuid NOT NULL,
    level integer NOT NULL,
    revision integer NOT NULL,
    ticket_id uuid NOT NULL,
    kind text NOT NULL,
    recipients text[] NOT NULL,
    skipped text[] NOT NULL,
    escalated_at timestamptz NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (deadline_id, level, revision)
);
COMMENT ON COLUMN escalations.voided_at IS 'When it became known that the mark had not been reached; with no recipients, before anybody was told.';
CREATE INDEX escalations_of_ticket ON escalations (ticket_id);

CREATE TABLE timeline (
    ticket_id uuid NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    center text NOT NULL,
    at timestamptz NOT NULL,
    what text NOT NULL,
    actor text,
    department text,
    text text,
    PRIMARY KEY (ticket_id, seq)
);
COMMENT ON TABLE timeline IS 'Everything that happened to a ticket, in the order in which it arrived here; texts are as they were posted.';
