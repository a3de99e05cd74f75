-- Photos and PDFs of papers: encrypted, and who has seen them.

-- depends: intake-0002-status

CREATE TABLE attachments (
    id uuid PRIMARY KEY,
    ticket_id uuid NOT NULL REFERENCES tickets,
    center text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('jpeg', 'png', 'webp', 'pdf')),
    size integer NOT NULL,
    item text,
    scanned boolean NOT NULL,
    key_id text NOT NULL,
    content bytea,
    added_at timestamptz NOT NULL,
    added_by text,
    removed_at timestamptz,
    removed_by text
);
COMMENT ON TABLE attachments IS 'Files of a ticket. The name that a file had is not kept: names name people.';
COMMENT ON COLUMN attachments.item IS 'Which of the papers that were asked for it is, masked as in tickets.materials.';
COMMENT ON COLUMN attachments.scanned IS 'Whether a virus scanner found nothing; false where there is none.';
COMMENT ON COLUMN attachments.key_id IS 'The key that content is encrypted with (services.intake.ciphers).';
COMMENT ON COLUMN attachments.content IS 'Encrypted; null once it is removed, or where it lies in a store of objects (BANCHENG_ATTACHMENTS_S3).';
COMMENT ON COLUMN attachments.added_by IS 'The clerk; null when the citizen sent it with the code. So is removed_by.';

ALTER TABLE attachments ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX attachments_ticket ON attachments (ticket_id, id);
CREATE INDEX attachments_key ON attachments (key_id) WHERE removed_at IS NULL;

CREATE TABLE attachment_views (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    attachment_id uuid NOT NULL REFERENCES attachments,
    center text NOT NULL,
    staff text NOT NULL,
    seen_at timestamptz NOT NULL
);
COMMENT ON TABLE attachment_views IS 'Who was given a file, and when.';
CREATE INDEX attachment_views_attachment ON attachment_views (attachment_id);

INSERT INTO bancheng.append_only VALUES ('attachment_views'::regclass);
