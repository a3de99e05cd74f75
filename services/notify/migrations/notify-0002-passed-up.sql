-- An escalation that nobody acknowledged is passed up to those of the next level. When it turns out to be void, they are
-- told as well.

-- depends: notify-0001-notices

ALTER TABLE notices ADD COLUMN passed_up_from uuid;
COMMENT ON COLUMN notices.passed_up_from IS 'The notice of the escalation that nobody acknowledged.';
CREATE INDEX notices_passed_up ON notices (passed_up_from) WHERE passed_up_from IS NOT NULL;
