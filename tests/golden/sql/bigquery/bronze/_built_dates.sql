CREATE TABLE IF NOT EXISTS case_ficticio_bronze._built_dates (
  layer STRING NOT NULL,
  order_date DATE,
  ingest_date DATE NOT NULL,
  version STRING NOT NULL
)
