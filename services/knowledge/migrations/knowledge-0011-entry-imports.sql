-- Files of entries that were read in; what became of their drafts stands with the entries.

-- depends: knowledge-0010-entries

CREATE TABLE entry_imports (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    name text NOT NULL,
    rows integer NOT NULL,
    imported_by text NOT NULL,
    imported_at timestamptz NOT NULL,
    undone_by text,
    undone_at timestamptz,
    removed integer
);
CREATE INDEX entry_imports_by_time ON entry_imports (center, imported_at DESC, id DESC);
