-- What is personal in a ticket is deleted when the center keeps it no longer, or when somebody asks for a reason.

-- depends: intake-0030-imports

ALTER TABLE tickets ADD COLUMN forgotten_at timestamptz;
COMMENT ON COLUMN tickets.forgotten_at IS 'Since then texts are empty, what is encrypted is the empty text, and fingerprints and the code of the citizen are empty.';
CREATE INDEX tickets_to_forget ON tickets (center, since)
    WHERE state IN ('closed', 'declined', 'withdrawn') AND forgotten_at IS NULL;

CREATE TABLE forgettings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id uuid NOT NULL REFERENCES tickets,
    center text NOT NULL,
    staff text,
    reason text NOT NULL,
    forgotten_at timestamptz NOT NULL
);
COMMENT ON TABLE forgettings IS 'Whose personal data were deleted, when and why; staff is null where the time was over that the center keeps them. reason is masked.';
CREATE INDEX forgettings_of_center ON forgettings (center, id);

INSERT INTO bancheng.append_only VALUES ('forgettings'::regclass);
