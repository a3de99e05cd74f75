-- The question base: entries and their versions, who has vetted them, the lists of the week, and what somebody flagged.

-- depends: knowledge-0002-suggestions

CREATE TABLE entry_numbers (
    center text PRIMARY KEY,
    last integer NOT NULL
);

CREATE TABLE entries (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    number text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('question', 'case', 'handover')),
    state text NOT NULL CHECK (state IN ('draft', 'vetting', 'refused', 'published', 'suspended', 'expired')),
    owner text NOT NULL,
    departments text[] NOT NULL,
    matters text[] NOT NULL,
    question text NOT NULL,
    audience text NOT NULL CHECK (audience IN ('public', 'window', 'department')),
    latest_version integer NOT NULL DEFAULT 1,
    published_version integer,
    valid_until date,
    basis_ends date,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    reviewed_at timestamptz,
    ticket_id uuid,
    import_id uuid,
    UNIQUE (center, number)
);
COMMENT ON COLUMN entries.owner IS 'The department that answers for it: it judges flags and looks it through.';
COMMENT ON COLUMN entries.departments IS 'As matters, question and audience of the published version, or of the latest if none is.';
COMMENT ON COLUMN entries.basis_ends IS 'The first day on which a basis of the published version ends.';
COMMENT ON COLUMN entries.reviewed_at IS 'When somebody last said that it is right: published, or kept in a review.';
COMMENT ON COLUMN entries.ticket_id IS 'Of which solved ticket it was made.';
CREATE INDEX entries_of_owner ON entries (center, owner, state);
CREATE INDEX entries_by_time ON entries (center, changed_at DESC, id DESC);
CREATE INDEX entries_ending ON entries (least(valid_until, basis_ends)) WHERE state = 'published';
CREATE INDEX entries_of_import ON entries (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX entries_of_ticket ON entries (ticket_id) WHERE ticket_id IS NOT NULL;

CREATE TABLE entry_versions (
    entry_id uuid NOT NULL REFERENCES entries ON DELETE CASCADE,
    version integer NOT NULL,
    state text NOT NULL CHECK (state IN
        ('draft', 'department_vetting', 'justice_vetting', 'published', 'returned', 'refused', 'replaced')),
    question text NOT NULL,
    other_wordings text[] NOT NULL,
    answer text NOT NULL,
    steps text NOT NULL,
    materials text[] NOT NULL,
    basis jsonb NOT NULL,
    departments text[] NOT NULL,
    matters text[] NOT NULL,
    audience text NOT NULL CHECK (audience IN ('public', 'window', 'department')),
    valid_from date,
    valid_until date,
    why text NOT NULL,
    drafted_by text NOT NULL,
    drafters text[] NOT NULL,
    drafted_at timestamptz NOT NULL,
    submitted_by text,
    submitted_at timestamptz,
    published_at timestamptz,
    PRIMARY KEY (entry_id, version)
);
COMMENT ON TABLE entry_versions IS 'A version is never changed once it is submitted.';
COMMENT ON COLUMN entry_versions.why IS 'Why it was written in place of the one before.';
COMMENT ON COLUMN entry_versions.drafters IS 'Everybody who wrote any of it: none of them vets it.';
CREATE UNIQUE INDEX one_version_published ON entry_versions (entry_id) WHERE state = 'published';

CREATE TABLE vettings (
    entry_id uuid NOT NULL,
    version integer NOT NULL,
    stage text NOT NULL CHECK (stage IN ('department', 'justice')),
    department text NOT NULL,
    center text NOT NULL,
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    verdict text CHECK (verdict IN ('approve', 'change', 'refuse')),
    reason text,
    vetted_by text,
    vetted_at timestamptz,
    ended_at timestamptz,
    level integer NOT NULL DEFAULT 0,
    next_level_at timestamptz,
    PRIMARY KEY (entry_id, version, stage, department),
    FOREIGN KEY (entry_id, version) REFERENCES entry_versions ON DELETE CASCADE
);
COMMENT ON COLUMN vettings.ended_at IS 'When it was vetted, or no longer had to be, since another department sent it back.';
COMMENT ON COLUMN vettings.level IS 'The level of the ladder that was reached; next_level_at is when the next is.';
CREATE INDEX vettings_open ON vettings (center, department, due_at) WHERE ended_at IS NULL;
CREATE INDEX vettings_next ON vettings (next_level_at) WHERE ended_at IS NULL AND next_level_at IS NOT NULL;

CREATE TABLE flags (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    entry_id uuid NOT NULL REFERENCES entries ON DELETE CASCADE,
    version integer NOT NULL,
    owner text NOT NULL,
    reason text NOT NULL,
    flagged_by text NOT NULL,
    flagged_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    verdict text CHECK (verdict IN ('upheld', 'dismissed')),
    why text,
    settled_by text,
    settled_at timestamptz,
    ended_at timestamptz,
    level integer NOT NULL DEFAULT 0,
    next_level_at timestamptz
);
COMMENT ON COLUMN flags.due_at IS 'By when it is judged; once it is upheld, by when the entry is mended.';
COMMENT ON COLUMN flags.ended_at IS 'When it was dismissed, or mended: another version is shown, or the entry is over.';
CREATE INDEX flags_of_entry ON flags (entry_id);
CREATE INDEX flags_open ON flags (center, owner, due_at) WHERE ended_at IS NULL;
CREATE INDEX flags_next ON flags (next_level_at) WHERE ended_at IS NULL AND next_level_at IS NOT NULL;

CREATE TABLE review_weeks (
    center text NOT NULL,
    week date NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (center, week)
);
COMMENT ON TABLE review_weeks IS 'For which weeks the lists were made; a week is named by its Monday.';

CREATE TABLE reviews (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    week date NOT NULL,
    department text NOT NULL,
    subject_kind text NOT NULL CHECK (subject_kind IN ('entry', 'asked', 'ticket')),
    subject text NOT NULL,
    entry_id uuid REFERENCES entries ON DELETE CASCADE,
    reasons text[] NOT NULL,
    made_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    verdict text CHECK (verdict IN ('keep', 'change', 'expire')),
    why text,
    reviewed_by text,
    reviewed_at timestamptz,
    ended_at timestamptz,
    level integer NOT NULL DEFAULT 0,
    next_level_at timestamptz,
    UNIQUE (center, week, department, subject_kind, subject)
);
COMMENT ON COLUMN reviews.subject IS 'What is looked at: the number of an entry or a ticket, or the words that were asked.';
CREATE INDEX reviews_open ON reviews (center, department, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX reviews_next ON reviews (next_level_at) WHERE ended_at IS NULL AND next_level_at IS NOT NULL;

CREATE TABLE entry_timeline (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    center text NOT NULL,
    entry_id uuid NOT NULL REFERENCES entries ON DELETE CASCADE,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    what text NOT NULL,
    actor text,
    department text,
    text text
);
COMMENT ON TABLE entry_timeline IS 'Everything that happened to an entry, in the order in which it happened.';
CREATE INDEX entry_timeline_of_entry ON entry_timeline (entry_id, seq);
