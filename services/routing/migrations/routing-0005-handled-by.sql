-- Which of a department's liaisons handles an assignment: whoever signed for it, until they hand it over (B角).

-- depends: routing-0004-progress

ALTER TABLE assignments ADD COLUMN handled_by text;
UPDATE assignments SET handled_by = accepted_by WHERE accepted_by IS NOT NULL;
COMMENT ON COLUMN assignments.handled_by IS 'A liaison of the department. Of what was handed over before it was signed for, whoever shall sign.';
