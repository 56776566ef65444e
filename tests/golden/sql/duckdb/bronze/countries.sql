CREATE TABLE IF NOT EXISTS case_ficticio_bronze.countries (
  id_pais BIGINT NOT NULL,
  nome_pais TEXT,
  _ingest_timestamp TIMESTAMPTZ
)
