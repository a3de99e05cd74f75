-- What the sample service keeps.

-- depends:

CREATE TABLE notes (
    id uuid PRIMARY KEY,
    text text NOT NULL,
    stored_at timestamptz NOT NULL
);

CREATE TABLE heard (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    note_id uuid NOT NULL,
    serial integer NOT NULL
);
COMMENT ON TABLE heard IS 'One row for each effect of an event: nothing here forbids a second one.';

CREATE TABLE rated (note_id uuid NOT NULL);

CREATE TABLE unbearable (text text PRIMARY KEY, is_slow boolean NOT NULL DEFAULT false);
COMMENT ON TABLE unbearable IS 'Texts that the handler fails on, for as long as they stand here.';
