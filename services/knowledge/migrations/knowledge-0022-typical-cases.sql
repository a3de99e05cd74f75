-- Typical cases (典型案例): solved tickets as others may read them, once every department in them has consented.

-- depends: knowledge-0021-asked

CREATE TABLE typical_cases (
    ticket_id uuid PRIMARY KEY REFERENCES tickets,
    center text NOT NULL,
    state text NOT NULL CHECK (state IN ('awaiting', 'shown', 'refused', 'taken_back')),
    title text NOT NULL,
    text text NOT NULL,
    answer text NOT NULL,
    lead text NOT NULL,
    departments text[] NOT NULL,
    promoted_by text NOT NULL,
    promoted_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
COMMENT ON COLUMN typical_cases.departments IS 'All that are named in it: each consents before it is shown.';
CREATE INDEX typical_cases_by_time ON typical_cases (center, promoted_at DESC, ticket_id DESC);

CREATE TABLE case_consents (
    ticket_id uuid NOT NULL REFERENCES typical_cases ON DELETE CASCADE,
    department text NOT NULL,
    consents boolean NOT NULL,
    why text NOT NULL,
    given_by text NOT NULL,
    given_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, department)
);
