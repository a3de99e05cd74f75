-- What leaders decided, and in which place the suggestions had it: so that a center sees whether to trust them.

-- depends: knowledge-0001-solved

CREATE TABLE decisions (
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    center text NOT NULL,
    department text NOT NULL,
    suggested text[] NOT NULL,
    was_shown boolean NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, round, decided_at)
);
CREATE INDEX decisions_by_time ON decisions (center, decided_at);
