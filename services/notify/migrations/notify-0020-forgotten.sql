-- Tickets whose personal data were deleted: their applicants are sent nothing any more.

-- depends: notify-0003-applicant-messages

CREATE TABLE forgotten_tickets (
    ticket_id uuid PRIMARY KEY,
    forgotten_at timestamptz NOT NULL
);
COMMENT ON TABLE forgotten_tickets IS 'What is told of these later sends no message.';
