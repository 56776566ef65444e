CREATE TABLE IF NOT EXISTS case_ficticio_bronze.products (
  id_produto BIGINT NOT NULL,
  nome_produto TEXT,
  _ingest_timestamp TIMESTAMPTZ
)
