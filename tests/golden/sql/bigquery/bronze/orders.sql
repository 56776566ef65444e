CREATE TABLE IF NOT EXISTS case_ficticio_bronze.orders (
  id_unidade INT64 NOT NULL,
  id_pedido STRING NOT NULL,
  tipo_pedido STRING,
  data_pedido DATE,
  vlr_pedido NUMERIC(10, 2),
  endereco_entrega STRING,
  taxa_entrega NUMERIC(10, 2),
  status STRING,
  _source_file STRING,
  _ingest_timestamp TIMESTAMP,
  _ingest_date DATE
)
PARTITION BY _ingest_date
