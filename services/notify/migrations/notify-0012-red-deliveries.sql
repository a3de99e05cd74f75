-- What is red is waited with for moments only, until all has come that goes in the same message; anything else for longer.

-- depends: notify-0001-notices

ALTER TABLE deliveries ADD COLUMN is_red boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN deliveries.is_red IS 'The light of its notice, which does not change.';
