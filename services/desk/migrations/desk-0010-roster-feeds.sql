-- Secret addresses at which calendar programs read somebody's sittings without a login.

-- depends: desk-0001-accounts

CREATE TABLE roster_feeds (
    center text NOT NULL,
    staff text NOT NULL,
    -- SHA-256 of the secret: who reads this table cannot read the feed.
    secret_hash bytea NOT NULL UNIQUE,
    made_at timestamptz NOT NULL,
    read_at timestamptz,
    PRIMARY KEY (center, staff)
);
