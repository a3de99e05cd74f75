-- A notice may be about an entry of the question base, which has its number with it.

-- depends: notify-0003-applicant-messages

ALTER TABLE notices ALTER COLUMN ticket_id DROP NOT NULL;
ALTER TABLE notices ADD COLUMN entry_id uuid;
ALTER TABLE notices ADD COLUMN entry_number text;
ALTER TABLE notices ADD CONSTRAINT notices_about CHECK ((ticket_id IS NULL) = (entry_id IS NOT NULL));
