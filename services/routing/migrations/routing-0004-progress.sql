-- What a department last reported about its assignment; all that it ever did stands in the timeline.

-- depends: routing-0003-acknowledged-escalations

ALTER TABLE assignments ADD COLUMN progress text, ADD COLUMN progress_at timestamptz, ADD COLUMN progress_by text;
