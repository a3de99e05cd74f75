-- Applicants are reminded of papers that they have promised, until these come or the promise lapses.

-- depends: notify-0020-forgotten

CREATE TABLE settled_promises (
    ticket_id uuid NOT NULL,
    round integer NOT NULL,
    PRIMARY KEY (ticket_id, round)
);
COMMENT ON TABLE settled_promises IS 'Of these nobody is reminded: the papers came, or the promise lapsed. What promises them may arrive later.';

ALTER TABLE applicant_messages ADD COLUMN round integer;
