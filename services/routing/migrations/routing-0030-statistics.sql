-- Figures over a period are counted from what happened in it.

-- depends: routing-0015-publications

CREATE INDEX tickets_by_registration ON tickets (center, registered_at, id);
CREATE INDEX timeline_of_figures ON timeline (center, what, at)
    WHERE what IN ('ticket.answered', 'ticket.closed', 'ticket.rated');
CREATE INDEX promises_by_due_time ON deadlines (due_at) WHERE kind IN ('answer', 'report');
CREATE INDEX assignments_by_time ON assignments (center, made_at);
CREATE INDEX escalations_by_time ON escalations (center, escalated_at) WHERE recipients <> '{}';
