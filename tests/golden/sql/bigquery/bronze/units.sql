CREATE TABLE IF NOT EXISTS case_ficticio_bronze.units (
  id_unidade INT64 NOT NULL,
  nome_unidade STRING,
  id_estado INT64,
  _ingest_timestamp TIMESTAMP
)
