CREATE TABLE IF NOT EXISTS case_ficticio_bronze.states (
  id_estado BIGINT NOT NULL,
  id_pais BIGINT,
  nome_estado TEXT,
  _ingest_timestamp TIMESTAMPTZ
)
