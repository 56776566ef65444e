CREATE OR REPLACE TABLE case_ficticio_gold.fact_sales AS
WITH baskets AS (
  SELECT
    order_id,
    COUNT(*) AS total_items,
    COUNT(DISTINCT product_id) AS distinct_products,
    CAST(SUM(quantity) AS BIGINT) AS total_quantity
  FROM case_ficticio_silver.order_items
  GROUP BY
    order_id
)
SELECT
  orders.order_id,
  STRFTIME(CAST(orders.order_date AS DATE), '%Y%m%d') AS date_key,
  orders.order_date,
  orders.unit_id AS unit_key,
  orders.order_type,
  orders.order_status,
  orders.order_value,
  orders.delivery_fee,
  orders.items_subtotal,
  COALESCE(baskets.total_items, 0) AS total_items,
  COALESCE(baskets.distinct_products, 0) AS distinct_products,
  COALESCE(baskets.total_quantity, 0) AS total_quantity,
  orders.delivery_address,
  orders._ingest_date
FROM case_ficticio_silver.orders AS orders
LEFT JOIN baskets
  ON baskets.order_id = orders.order_id
