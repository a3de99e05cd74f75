-- The docket shows what comes back: tickets that say what an earlier one said, and those in a second round.

-- depends: routing-0002-timeline-of-all

ALTER TABLE tickets ADD COLUMN repeat_of uuid;
COMMENT ON COLUMN tickets.repeat_of IS 'The earlier ticket of the same applicant that says the same, as intake found it; it need not be known here.';

CREATE INDEX tickets_repeated ON tickets (center, id)
    WHERE state IN ('registered', 'in_arbitration', 'assigned') AND (repeat_of IS NOT NULL OR round > 1);
