CREATE TABLE IF NOT EXISTS case_ficticio_bronze.orders (
  id_unidade BIGINT NOT NULL,
  id_pedido TEXT NOT NULL,
  tipo_pedido TEXT,
  data_pedido DATE,
  vlr_pedido DECIMAL(10, 2),
  endereco_entrega TEXT,
  taxa_entrega DECIMAL(10, 2),
  status TEXT,
  _source_file TEXT,
  _ingest_timestamp TIMESTAMPTZ,
  _ingest_date DATE
)
