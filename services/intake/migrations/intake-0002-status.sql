-- What the citizen follows: who works on the ticket, until when papers are wanted; and what the clerk writes down at once.

-- depends: intake-0001-tickets

CREATE TABLE acceptances (
    ticket_id uuid NOT NULL REFERENCES tickets,
    department text NOT NULL,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, department)
);
COMMENT ON TABLE acceptances IS 'When each department signed for a ticket for the last time, as routing told.';

ALTER TABLE tickets
    ADD COLUMN assisting text[] NOT NULL DEFAULT '{}',
    ADD COLUMN refused_before jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN missing_materials text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN tickets.refused_before IS 'Where the citizen was sent away before, and how often: [{"where": ..., "times": ...}], masked.';
COMMENT ON COLUMN tickets.missing_materials IS 'What was missing elsewhere, as the citizen says at the registration; masked. What is asked for stands in materials.';

ALTER TABLE material_requests ADD COLUMN due_on date;
COMMENT ON COLUMN material_requests.due_on IS 'The day until which the applicant is asked to bring them; null where the last day of working_days_left is meant.';

CREATE INDEX tickets_first_responsible ON tickets (center, first_responsible, id);
-- What a clerk follows stands in the order of its promises, whatever else the clerk has registered.
CREATE INDEX tickets_followed ON tickets (center, first_responsible, due_at, id)
    WHERE state IN ('registered', 'in_arbitration', 'assigned', 'awaiting_materials');
