-- Who published which version of a center file, and its text as it was written, with its comments.

-- depends: routing-0002-timeline-of-all

CREATE TABLE publications (
    center text NOT NULL,
    version integer NOT NULL,
    published_at timestamptz NOT NULL,
    published_by text,
    restores integer,
    source text,
    PRIMARY KEY (center, version)
);
COMMENT ON TABLE publications IS 'One row for each version that was published here; those from before have none. The files themselves stand in centers.';
COMMENT ON COLUMN publications.published_by IS 'Null where it was published from the command line, by whoever may.';
COMMENT ON COLUMN publications.restores IS 'The version whose content this one has again.';
COMMENT ON COLUMN publications.source IS 'The YAML as it was written; null where it was made from the version itself.';

INSERT INTO bancheng.append_only VALUES ('publications'::regclass);
