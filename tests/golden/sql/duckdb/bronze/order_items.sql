CREATE TABLE IF NOT EXISTS case_ficticio_bronze.order_items (
  id_pedido TEXT NOT NULL,
  id_item_pedido TEXT NOT NULL,
  id_produto BIGINT,
  qtd BIGINT,
  vlr_item DECIMAL(10, 2),
  observacao TEXT,
  _source_file TEXT,
  _ingest_timestamp TIMESTAMPTZ,
  _ingest_date DATE
)
