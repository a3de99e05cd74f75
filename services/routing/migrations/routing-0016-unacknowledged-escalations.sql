-- An escalation that nobody acknowledges within the center's limit goes one level of the ladder up.

-- depends: routing-0003-acknowledged-escalations

ALTER TABLE escalations ADD COLUMN acknowledge_by timestamptz, ADD COLUMN passed_up_to integer;
COMMENT ON COLUMN escalations.acknowledge_by IS 'When those of the next level are told too; null while the center sets no limit, once anybody has acknowledged it, and when nobody is left to tell.';
COMMENT ON COLUMN escalations.passed_up_to IS 'The highest level whose people were told of it because nobody below acknowledged it.';

CREATE INDEX escalations_unacknowledged ON escalations (acknowledge_by) WHERE acknowledge_by IS NOT NULL;
