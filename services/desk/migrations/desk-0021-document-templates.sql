-- Word templates that a center puts in the place of ours. Each stays, with who put it there; the latest counts.

-- depends: desk-0020-exports

CREATE TABLE document_templates (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    document text NOT NULL,
    content bytea,
    put_by text NOT NULL,
    put_at timestamptz NOT NULL
);
COMMENT ON COLUMN document_templates.content IS 'Null: ours is used again.';

CREATE INDEX document_templates_latest ON document_templates (center, document, id);

INSERT INTO bancheng.append_only VALUES ('document_templates'::regclass);
