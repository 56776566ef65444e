-- One row a product line of a loaded produto.csv; key id_produto.
CREATE TABLE IF NOT EXISTS bronze.products (
  id_produto INT64 NOT NULL,
  nome_produto STRING,
  _ingest_timestamp TIMESTAMP
);
