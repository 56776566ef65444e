CREATE TABLE IF NOT EXISTS case_ficticio_bronze._ingested_objects (
  bucket TEXT NOT NULL,
  object_name TEXT NOT NULL,
  generation BIGINT NOT NULL,
  kind TEXT NOT NULL,
  rows_in BIGINT NOT NULL,
  rows_loaded BIGINT NOT NULL,
  rows_rejected BIGINT NOT NULL,
  reason TEXT,
  size_bytes BIGINT NOT NULL,
  crc32c TEXT NOT NULL,
  _ingest_timestamp TIMESTAMPTZ NOT NULL
)
