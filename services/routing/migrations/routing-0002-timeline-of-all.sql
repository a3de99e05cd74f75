-- The timeline of all tickets is read on from an entry by who follows along. It grows at its end only, which is cheap.

-- depends: routing-0001-tickets

CREATE INDEX timeline_of_all ON timeline (seq);
