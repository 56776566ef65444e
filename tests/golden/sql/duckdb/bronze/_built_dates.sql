CREATE TABLE IF NOT EXISTS case_ficticio_bronze._built_dates (
  layer TEXT NOT NULL,
  order_date DATE,
  ingest_date DATE NOT NULL,
  version TEXT NOT NULL
)
