-- Tables that somebody has sent and not read in yet: for a day, for whoever sent them.

-- depends: desk-0021-document-templates

CREATE TABLE import_drafts (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    staff text NOT NULL,
    name text NOT NULL,
    head jsonb NOT NULL,
    rows jsonb NOT NULL,
    mapping jsonb NOT NULL,
    import_id uuid,
    sent_at timestamptz NOT NULL
);
COMMENT ON COLUMN import_drafts.mapping IS 'Which column is what, by the name of the field.';
COMMENT ON COLUMN import_drafts.import_id IS 'What intake calls it, once it was read in.';

CREATE INDEX import_drafts_by_time ON import_drafts (sent_at);
