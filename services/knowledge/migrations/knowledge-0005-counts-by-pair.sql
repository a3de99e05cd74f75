-- In how many cases of each department a pair stands is one row a pair: a question of 500 pairs reads 500 rows, not
-- 10,000, which lie together where they were 20 apart.

-- depends: knowledge-0002-suggestions

ALTER TABLE departments ADD COLUMN place integer;
UPDATE departments d SET place = n.place FROM (
    SELECT department, row_number() OVER (PARTITION BY shelf ORDER BY department) AS place FROM departments) AS n
WHERE n.department = d.department;
ALTER TABLE departments ALTER COLUMN place SET NOT NULL, ADD UNIQUE (shelf, place);
COMMENT ON COLUMN departments.place IS 'Its place in the counts of a pair of this shelf, from 1.';

CREATE TABLE pair_counts (
    term bigint PRIMARY KEY,
    cases integer[] NOT NULL
) WITH (fillfactor = 80);
COMMENT ON COLUMN pair_counts.cases IS 'In how many of the counted cases of each department the pair stands, by its place; none where it ends.';

INSERT INTO pair_counts (term, cases)
SELECT p.term, (
    SELECT array_agg(coalesce(own.cases, 0) ORDER BY d.place) FROM departments d
    LEFT JOIN pairs own ON own.term = p.term AND own.department = d.department WHERE d.shelf = p.term >> 42)
FROM (SELECT DISTINCT term FROM pairs) AS p;

DROP TABLE pairs;
