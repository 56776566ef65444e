CREATE TABLE IF NOT EXISTS case_ficticio_bronze.units (
  id_unidade BIGINT NOT NULL,
  nome_unidade TEXT,
  id_estado BIGINT,
  _ingest_timestamp TIMESTAMPTZ
)
