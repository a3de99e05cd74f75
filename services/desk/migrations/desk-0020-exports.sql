-- Tables that somebody takes out in the background: how far each has come, and the file, for a day.

-- depends: desk-0010-roster-feeds

CREATE TABLE exports (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    staff text NOT NULL,
    name text NOT NULL,
    filters jsonb NOT NULL,
    is_masked boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    done integer NOT NULL DEFAULT 0,
    total integer,
    fault text,
    size bigint,
    asked_at timestamptz NOT NULL,
    beat_at timestamptz NOT NULL,
    ended_at timestamptz
);
COMMENT ON TABLE exports IS 'Real times, as of sessions. Tickets are not kept here: the file is the person''s, and is deleted after a day.';
COMMENT ON COLUMN exports.beat_at IS 'When the process that writes it last said so; silent for a minute, it is gone.';
COMMENT ON COLUMN exports.fault IS 'What went wrong, as a service replied it; null where the process ended by itself.';

CREATE INDEX exports_of_person ON exports (center, staff, asked_at);
CREATE INDEX exports_by_time ON exports (asked_at);

CREATE TABLE export_chunks (
    export_id uuid NOT NULL REFERENCES exports ON DELETE CASCADE,
    nth integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (export_id, nth)
);
ALTER TABLE export_chunks ALTER COLUMN content SET STORAGE EXTERNAL;
