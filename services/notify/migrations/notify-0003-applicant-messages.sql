-- What applicants are sent as text messages. Their phones stand in intake alone, and are asked for when a message goes out.

-- depends: notify-0001-notices

CREATE TABLE applicant_messages (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    ticket_id uuid NOT NULL,
    kind text NOT NULL,
    department text,
    due_on date,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'delivered', 'failed', 'void')),
    attempts integer NOT NULL DEFAULT 0,
    unanswered integer NOT NULL DEFAULT 0,
    error text,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    hold_until timestamptz NOT NULL,
    next_try_at timestamptz NOT NULL DEFAULT bancheng.real_now(),
    leased_until timestamptz
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
COMMENT ON COLUMN applicant_messages.id IS 'Follows from the ticket and what happened to it, so that an event that comes again sends nothing again; the gateway is shown it.';
COMMENT ON COLUMN applicant_messages.hold_until IS 'By Bancheng''s clock: a reminder waits for its morning. next_try_at and leased_until are real time.';
COMMENT ON COLUMN applicant_messages.unanswered IS 'How often it was sent and nothing was answered: it may have arrived as often.';
CREATE INDEX applicant_messages_waiting ON applicant_messages (hold_until) WHERE state = 'waiting';
CREATE INDEX applicant_messages_sending ON applicant_messages (leased_until) WHERE state = 'sending';
CREATE INDEX applicant_messages_of_ticket ON applicant_messages (ticket_id);

CREATE TABLE settled_materials (
    ticket_id uuid PRIMARY KEY,
    settled_at timestamptz NOT NULL
);
COMMENT ON TABLE settled_materials IS 'Since when no papers are awaited that were asked for before: they came, or the ticket ended. What asks for them may arrive later.';
