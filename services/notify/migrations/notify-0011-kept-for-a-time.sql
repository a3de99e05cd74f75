-- Notices and messages are kept for a time that the center sets, and then deleted: what is old is found by its age.

-- depends: notify-0003-applicant-messages notify-0010-channel-tests

CREATE INDEX notices_by_age ON notices (center, created_at);
CREATE INDEX applicant_messages_by_age ON applicant_messages (center, created_at);
CREATE INDEX channel_tests_by_age ON channel_tests (center, created_at);
