CREATE OR REPLACE TABLE case_ficticio_silver.order_items AS
WITH repeated AS (
  SELECT
    id_item_pedido
  FROM case_ficticio_bronze.order_items
  GROUP BY
    id_item_pedido
  HAVING
    COUNT(*) > 1
), latest AS (
  SELECT
    *
  FROM case_ficticio_bronze.order_items
  WHERE
    NOT id_item_pedido IN (
      SELECT
        id_item_pedido
      FROM repeated
    )
  UNION ALL
  SELECT
    *
  FROM case_ficticio_bronze.order_items
  WHERE
    id_item_pedido IN (
      SELECT
        id_item_pedido
      FROM repeated
    )
  QUALIFY
    ROW_NUMBER() OVER (
      PARTITION BY id_item_pedido
      ORDER BY _ingest_timestamp DESC, _source_file DESC, id_pedido DESC, id_produto DESC, qtd DESC, vlr_item DESC, observacao DESC, _ingest_date DESC
    ) = 1
)
SELECT
  id_item_pedido AS order_item_id,
  id_pedido AS order_id,
  id_produto AS product_id,
  qtd AS quantity,
  vlr_item AS unit_price,
  CAST(qtd * vlr_item AS DECIMAL(18, 2)) AS total_item_value,
  NULLIF(observacao, '') AS observation,
  _source_file,
  _ingest_timestamp,
  _ingest_date
FROM latest
WHERE
  id_pedido IN (
    SELECT
      order_id
    FROM case_ficticio_silver.orders
  )
