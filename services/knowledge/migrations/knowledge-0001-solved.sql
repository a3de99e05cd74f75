-- Tickets and what was learnt of the solved ones.

-- depends:

-- Tickets as their events tell of them, in whatever order those come; texts are masked as they are in the events.
CREATE TABLE tickets (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    number text,
    title text NOT NULL DEFAULT '',
    text text NOT NULL DEFAULT '',
    matter text,
    cause text,
    registered_at timestamptz,
    round integer NOT NULL DEFAULT 1,
    lead text,
    assisting text[] NOT NULL DEFAULT '{}',
    routed_at timestamptz,
    returned_by text[] NOT NULL DEFAULT '{}',
    answer text NOT NULL DEFAULT '',
    answered_round integer NOT NULL DEFAULT 0,
    answered_at timestamptz,
    outcome text,
    closed_round integer NOT NULL DEFAULT 0,
    closed_at timestamptz,
    rating text,
    rated_round integer NOT NULL DEFAULT 0,
    ended boolean NOT NULL DEFAULT false
);

-- What was learnt of a center. A term is a pair of characters on a shelf, as one number (rules/weighing.py).
CREATE TABLE shelves (
    shelf integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    center text NOT NULL UNIQUE,
    cases bigint NOT NULL DEFAULT 0,
    length bigint NOT NULL DEFAULT 0
);

-- Those that solved something; '' stands for cases of which it is not known who did. A department is described by the
-- pairs of the cases that were counted for it; `norm` is the length of that vector, with each pair's rarity.
CREATE TABLE departments (
    department integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shelf integer NOT NULL REFERENCES shelves,
    code text NOT NULL,
    counted bigint NOT NULL DEFAULT 0,
    changed bigint NOT NULL DEFAULT 0,
    norm double precision NOT NULL DEFAULT 0,
    UNIQUE (shelf, code)
);

CREATE TABLE pairs (
    term bigint NOT NULL,
    department integer NOT NULL,
    cases integer NOT NULL,
    PRIMARY KEY (term, department)
) WITH (fillfactor = 80);

CREATE TABLE cases (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id uuid NOT NULL UNIQUE,
    shelf integer NOT NULL REFERENCES shelves,
    department integer NOT NULL REFERENCES departments,
    counted boolean NOT NULL,
    length integer NOT NULL,
    terms bigint[] NOT NULL
);

-- The heaviest pairs of each case: all that is read to find the nearest, from the index alone.
CREATE TABLE postings (
    term bigint NOT NULL,
    case_id integer NOT NULL,
    weight real NOT NULL,
    PRIMARY KEY (term, case_id) INCLUDE (weight)
);
