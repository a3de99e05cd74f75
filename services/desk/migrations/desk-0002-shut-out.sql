-- An account that is locked by an administrator lets nobody in by single sign-on either.

-- depends: desk-0001-accounts

ALTER TABLE accounts ADD COLUMN is_shut_out boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN accounts.is_shut_out IS 'Locked by an administrator, until a reset; after wrong passwords there is locked_until.';
