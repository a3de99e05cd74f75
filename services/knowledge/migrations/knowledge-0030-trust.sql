-- Whether to trust what is suggested, and which rules to mend: what was foretold of each ticket beside who solved it, and
-- who got it by which rule and then another. Of tickets from before this nothing is known.

-- depends: knowledge-0002-suggestions

-- What was foretold of a ticket before anybody had answered it: by what was learnt, and by the rules alone.
CREATE TABLE forecasts (
    ticket_id uuid PRIMARY KEY,
    suggested text[] NOT NULL,
    is_clear boolean NOT NULL,
    by_rules text[] NOT NULL
);

CREATE TABLE forecast_backlog (ticket_id uuid PRIMARY KEY);

-- Every decision about who handles a ticket, in whatever order they were heard of.
CREATE TABLE routings (
    event_id uuid PRIMARY KEY,
    ticket_id uuid NOT NULL,
    center text NOT NULL,
    lead text NOT NULL,
    rule text,
    decided_by text,
    routed_at timestamptz NOT NULL
);
CREATE INDEX routings_of_ticket ON routings (ticket_id);
CREATE INDEX routings_by_rule ON routings (center, routed_at) WHERE rule IS NOT NULL;
CREATE INDEX tickets_by_closing ON tickets (center, closed_at) WHERE closed_at IS NOT NULL;
