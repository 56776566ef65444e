CREATE TABLE IF NOT EXISTS case_ficticio_bronze._ingested_objects (
  bucket STRING NOT NULL,
  object_name STRING NOT NULL,
  generation INT64 NOT NULL,
  kind STRING NOT NULL,
  rows_in INT64 NOT NULL,
  rows_loaded INT64 NOT NULL,
  rows_rejected INT64 NOT NULL,
  reason STRING,
  size_bytes INT64 NOT NULL,
  crc32c STRING NOT NULL,
  _ingest_timestamp TIMESTAMP NOT NULL
)
CLUSTER BY object_name
