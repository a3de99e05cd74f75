-- An escalation whose notice none of its recipients' channels took goes a level of the ladder up at once.

-- depends: routing-0016-unacknowledged-escalations

ALTER TABLE escalations ADD COLUMN unreached text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN escalations.unreached IS 'Recipients none of whose own channels took the notice; it is in the desk.';
