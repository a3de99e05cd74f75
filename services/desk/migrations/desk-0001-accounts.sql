-- Who may log in, who is logged in, and every attempt to. Tickets are kept by the other services alone.

-- depends:

CREATE TABLE accounts (
    center text NOT NULL,
    staff text NOT NULL,
    password_hash text NOT NULL,
    must_set_password boolean NOT NULL DEFAULT true,
    -- The secret of the second factor; null until it is set up.
    totp_secret text,
    -- The last time step whose code was taken, so that a code is good once.
    totp_step bigint NOT NULL DEFAULT 0,
    failed_logins integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    PRIMARY KEY (center, staff)
);

CREATE TABLE sessions (
    -- SHA-256 of the cookie: who reads this table cannot log in with it.
    cookie_hash bytea PRIMARY KEY,
    center text NOT NULL,
    staff text NOT NULL,
    -- second_factor: its code is still asked for; new_password: one must be set first; open: logged in.
    state text NOT NULL,
    csrf_token text NOT NULL,
    opened_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    address text NOT NULL
);

CREATE INDEX ON sessions (center, staff);
CREATE INDEX ON sessions (used_at);

-- Real time, as of sessions and locks: a simulated clock keeps nobody out.
CREATE TABLE logins (
    id uuid PRIMARY KEY,
    center text NOT NULL,
    staff text NOT NULL,
    at timestamptz NOT NULL,
    address text NOT NULL,
    outcome text NOT NULL
);

CREATE INDEX ON logins (center, at);

INSERT INTO bancheng.append_only VALUES ('logins'::regclass);
