-- The wall board counts open tickets by cause, again and again.

-- depends: routing-0002-timeline-of-all

CREATE INDEX tickets_open_by_cause ON tickets (center, cause) WHERE state IN ('registered', 'in_arbitration', 'assigned');
