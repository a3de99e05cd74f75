-- An auditor reads who was shown personal data, the latest first, a center at a time.

-- depends: intake-0001-tickets

CREATE INDEX reveals_of_center ON reveals (center, id);
CREATE INDEX phone_searches_of_center ON phone_searches (center, id);
