-- The index holds published entries too, on shelves of their own.

-- depends: knowledge-0005-counts-by-pair

ALTER TABLE shelves ADD COLUMN kind text NOT NULL DEFAULT 'solved' CHECK (kind IN ('solved', 'entries'));
ALTER TABLE shelves DROP CONSTRAINT shelves_center_key;
ALTER TABLE shelves ADD UNIQUE (center, kind);

ALTER TABLE cases RENAME COLUMN ticket_id TO subject;
COMMENT ON COLUMN cases.subject IS 'The id of the ticket or the entry.';
