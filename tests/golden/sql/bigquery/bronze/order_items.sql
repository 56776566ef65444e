CREATE TABLE IF NOT EXISTS case_ficticio_bronze.order_items (
  id_pedido STRING NOT NULL,
  id_item_pedido STRING NOT NULL,
  id_produto INT64,
  qtd INT64,
  vlr_item NUMERIC(10, 2),
  observacao STRING,
  _source_file STRING,
  _ingest_timestamp TIMESTAMP,
  _ingest_date DATE
)
PARTITION BY _ingest_date
