-- The timeline of a center's tickets is read on from an entry by who follows along. A small center's entries are few
-- among those of the others.

-- depends: routing-0001-tickets

CREATE INDEX timeline_of_center ON timeline (center, seq);
