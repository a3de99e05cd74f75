-- What was asked, masked, and what came of it: what is asked and not found is what the question base lacks.

-- depends: knowledge-0020-shelves-of-entries

CREATE TABLE asked (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    words_masked text NOT NULL,
    by_role text,
    at timestamptz NOT NULL,
    found integer NOT NULL,
    shown uuid[] NOT NULL,
    opened uuid,
    helped boolean,
    is_missed boolean NOT NULL,
    ticket_id uuid
);
COMMENT ON COLUMN asked.by_role IS 'In which role somebody of the staff asked; null for a citizen.';
COMMENT ON COLUMN asked.is_missed IS 'Nothing was found, or nothing of what was found was meant.';
CREATE INDEX asked_missed ON asked (center, at) WHERE is_missed;
