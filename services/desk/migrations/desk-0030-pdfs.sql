-- A document that was not a PDF in time for whoever waited: it is made on, and fetched when it is there.

-- depends: desk-0022-import-drafts

CREATE TABLE pdfs (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    staff text NOT NULL,
    name text NOT NULL,
    is_over boolean NOT NULL DEFAULT false,
    content bytea,
    asked_at timestamptz NOT NULL DEFAULT bancheng.real_now()
);
COMMENT ON TABLE pdfs IS 'Kept for a day, for the person alone.';
COMMENT ON COLUMN pdfs.content IS 'Null while it is being made, and where none could be made.';
CREATE INDEX pdfs_by_time ON pdfs (asked_at);
