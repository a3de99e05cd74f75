-- Old ledgers that were read in: history to look into, with no promise and nothing personal in it.

-- depends: intake-0020-audit-of-center

CREATE TABLE imports (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    name text NOT NULL,
    imported_by text NOT NULL,
    imported_at timestamptz NOT NULL,
    undone_by text,
    undone_at timestamptz
);
CREATE INDEX imports_of_center ON imports (center, id);

CREATE TABLE imported_tickets (
    import_id uuid NOT NULL REFERENCES imports,
    place integer NOT NULL,
    number text,
    registered_on date NOT NULL,
    channel text,
    applicant text,
    phone text,
    organisation text,
    title text NOT NULL,
    text text NOT NULL,
    cause text,
    department text,
    answer text NOT NULL,
    closed_on date,
    rating text,
    PRIMARY KEY (import_id, place)
);
COMMENT ON TABLE imported_tickets IS 'applicant and phone are masked, and so are the texts: what was personal stays in the old file alone.';
