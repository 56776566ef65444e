WITH lines AS (
  SELECT
    object_name,
    kind,
    SUM(rows_loaded) AS row_count,
    MAX(_ingest_timestamp) AS noted
  FROM case_ficticio_bronze._ingested_objects
  WHERE
    kind IN ('orders', 'order_items')
  GROUP BY
    object_name,
    kind
), orphans AS (
  SELECT DISTINCT
    items.id_item_pedido
  FROM case_ficticio_bronze.order_items AS items
  LEFT JOIN case_ficticio_silver.orders AS orders
    ON orders.order_id = items.id_pedido
  WHERE
    orders.order_id IS NULL
), shown AS (
  SELECT
    loaded._source_file AS object_name,
    CAST(COUNT_IF(NOT orders.order_id IS NULL) AS BIGINT) AS row_count,
    MAX(loaded._ingest_timestamp) AS latest
  FROM case_ficticio_bronze.orders AS loaded
  LEFT JOIN case_ficticio_silver.orders AS orders
    ON orders.order_id = loaded.id_pedido
  GROUP BY
    loaded._source_file
  UNION ALL
  SELECT
    loaded._source_file AS object_name,
    CAST(COUNT_IF(NOT items.order_item_id IS NULL OR NOT orphans.id_item_pedido IS NULL) AS BIGINT) AS row_count,
    MAX(loaded._ingest_timestamp) AS latest
  FROM case_ficticio_bronze.order_items AS loaded
  LEFT JOIN case_ficticio_silver.order_items AS items
    ON items.order_item_id = loaded.id_item_pedido
  LEFT JOIN orphans
    ON orphans.id_item_pedido = loaded.id_item_pedido
  GROUP BY
    loaded._source_file
)
SELECT
  CASE
    WHEN STARTS_WITH(lines.object_name, 'raw/csv_sales/')
    THEN SUBSTRING(lines.object_name, 15, 10)
    WHEN STARTS_WITH(lines.object_name, 'raw/parquet_sales/')
    THEN SUBSTRING(lines.object_name, 19, 10)
  END AS business_date,
  lines.kind,
  CAST(SUM(lines.row_count) AS BIGINT) AS ledger_rows,
  CAST(SUM(COALESCE(shown.row_count, 0)) AS BIGINT) AS silver_rows
FROM lines
LEFT JOIN shown
  ON shown.object_name = lines.object_name
WHERE
  shown.latest IS NULL OR shown.latest <= lines.noted
GROUP BY
  business_date,
  lines.kind
HAVING
  SUM(lines.row_count) <> SUM(COALESCE(shown.row_count, 0))
