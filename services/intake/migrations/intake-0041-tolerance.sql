-- What became of papers that were tolerated to come later: they came, or the day passed that was promised.

-- depends: intake-0040-forgotten

ALTER TABLE tolerated_materials
    ADD COLUMN supplied_at timestamptz,
    ADD COLUMN supplied_by text,
    ADD COLUMN lapsed_at timestamptz;
COMMENT ON COLUMN tolerated_materials.lapsed_at IS 'When the day had passed and they were not there. Supplied later, the promise is mended.';
CREATE INDEX tolerated_materials_open ON tolerated_materials (promised_on) WHERE supplied_at IS NULL AND lapsed_at IS NULL;
CREATE INDEX tolerated_materials_broken ON tolerated_materials (ticket_id) WHERE supplied_at IS NULL AND lapsed_at IS NOT NULL;
