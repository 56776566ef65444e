CREATE TABLE IF NOT EXISTS case_ficticio_bronze.products (
  id_produto INT64 NOT NULL,
  nome_produto STRING,
  _ingest_timestamp TIMESTAMP
)
