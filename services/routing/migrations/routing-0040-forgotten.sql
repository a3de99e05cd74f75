-- A ticket whose personal data were deleted: its texts are empty, and so are those of what departments did about it.

-- depends: routing-0030-statistics

ALTER TABLE tickets ADD COLUMN forgotten_at timestamptz;
COMMENT ON COLUMN tickets.forgotten_at IS 'Since then no text of it is kept; number, times, departments, outcome and who acted are.';
