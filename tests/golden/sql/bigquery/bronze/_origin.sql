CREATE TABLE IF NOT EXISTS case_ficticio_bronze._origin (
  bucket STRING NOT NULL,
  log STRING NOT NULL,
  since TIMESTAMP
)
