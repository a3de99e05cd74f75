-- Papers that may come later (容缺受理): the applicant promised by signature until when.

-- depends: intake-0003-attachments

CREATE TABLE tolerated_materials (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id uuid NOT NULL REFERENCES tickets,
    round integer NOT NULL,
    items text[] NOT NULL,
    promised_on date NOT NULL,
    attachment_id uuid REFERENCES attachments,
    tolerated_at timestamptz NOT NULL,
    tolerated_by text NOT NULL
);
COMMENT ON TABLE tolerated_materials IS 'Papers without which work on a ticket begins. items are masked; attachment_id is the signed promise, where it was photographed.';

CREATE INDEX tolerated_materials_ticket ON tolerated_materials (ticket_id, id);
