CREATE TABLE IF NOT EXISTS case_ficticio_bronze.countries (
  id_pais INT64 NOT NULL,
  nome_pais STRING,
  _ingest_timestamp TIMESTAMP
)
