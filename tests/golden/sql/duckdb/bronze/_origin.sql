CREATE TABLE IF NOT EXISTS case_ficticio_bronze._origin (
  bucket TEXT NOT NULL,
  log TEXT NOT NULL,
  since TIMESTAMPTZ
)
