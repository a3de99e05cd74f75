-- A table that somebody has sent may be one of entries of the question base, read in part by part.

-- depends: desk-0022-import-drafts

ALTER TABLE import_drafts ADD COLUMN kind text NOT NULL DEFAULT 'ledger' CHECK (kind IN ('ledger', 'entries'));
ALTER TABLE import_drafts ADD COLUMN done integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN import_drafts.done IS 'How many of the good rows were read in.';
