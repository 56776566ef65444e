CREATE TABLE IF NOT EXISTS case_ficticio_bronze.states (
  id_estado INT64 NOT NULL,
  id_pais INT64,
  nome_estado STRING,
  _ingest_timestamp TIMESTAMP
)
