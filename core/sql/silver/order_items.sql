-- One row an item of an order that exists; key order_item_id. The latest ingestion wins.
CREATE OR REPLACE TABLE silver.order_items
PARTITION BY _ingest_date
CLUSTER BY order_id AS
WITH repeated AS (
  SELECT id_item_pedido FROM bronze.order_items GROUP BY id_item_pedido HAVING COUNT(*) > 1
),

latest AS (
  -- Few keys repeat, so only those are ranked: half the memory of ranking three million items.
  SELECT *
  FROM bronze.order_items
  WHERE id_item_pedido NOT IN (SELECT id_item_pedido FROM repeated)
  UNION ALL
  SELECT *
  FROM bronze.order_items
  WHERE id_item_pedido IN (SELECT id_item_pedido FROM repeated)
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY id_item_pedido
    ORDER BY
      _ingest_timestamp DESC, _source_file DESC,
      -- The rest only makes the choice total, so that a rebuild gives the same rows.
      id_pedido DESC, id_produto DESC, qtd DESC, vlr_item DESC, observacao DESC, _ingest_date DESC
  ) = 1
)
SELECT
  id_item_pedido AS order_item_id,
  id_pedido AS order_id,
  id_produto AS product_id,

  qtd AS quantity,
  vlr_item AS unit_price,
  CAST(qtd * vlr_item AS NUMERIC(18, 2)) AS total_item_value,
  NULLIF(observacao, '') AS observation,

  _source_file,
  _ingest_timestamp,
  _ingest_date
FROM latest
WHERE id_pedido IN (SELECT order_id FROM silver.orders);
