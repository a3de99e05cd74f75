-- Whoever is told that a level of the ladder was reached acknowledges it. There is a row for each who was told, so that
-- what somebody has still to acknowledge is one look into an index, however much was escalated in a burst.

-- depends: routing-0002-timeline-of-all

ALTER TABLE escalations ADD COLUMN id uuid, ADD COLUMN center text;
UPDATE escalations SET
    id = uuidv7(escalated_at - now()),
    center = (SELECT center FROM tickets WHERE tickets.id = escalations.ticket_id);
ALTER TABLE escalations ALTER COLUMN id SET DEFAULT uuidv7(), ALTER COLUMN id SET NOT NULL;

CREATE UNIQUE INDEX escalations_of_center ON escalations (center, id) WHERE recipients <> '{}';

CREATE TABLE escalation_recipients (
    center text NOT NULL,
    staff text NOT NULL,
    escalation_id uuid NOT NULL,
    acknowledged_at timestamptz,
    PRIMARY KEY (center, staff, escalation_id)
);
COMMENT ON TABLE escalation_recipients IS 'Who was told of an escalation, and when they acknowledged it. Of a void one only who had acknowledged it is kept.';

INSERT INTO escalation_recipients (center, staff, escalation_id)
SELECT DISTINCT e.center, staff, e.id FROM escalations e
JOIN tickets t ON t.id = e.ticket_id AND t.state IN ('registered', 'in_arbitration', 'assigned')
CROSS JOIN LATERAL unnest(e.recipients) AS staff WHERE e.voided_at IS NULL;
