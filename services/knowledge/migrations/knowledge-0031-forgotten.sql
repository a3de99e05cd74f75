-- A ticket whose personal data were deleted: its texts are empty, and what is told of it later is not learnt.

-- depends: knowledge-0030-trust

ALTER TABLE tickets ADD COLUMN forgotten boolean NOT NULL DEFAULT false;
