CREATE OR REPLACE TABLE case_ficticio_gold.fact_order_items AS
SELECT
  items.order_item_id AS item_id,
  items.order_id,
  STRFTIME(CAST(orders.order_date AS DATE), '%Y%m%d') AS date_key,
  orders.order_date,
  orders.unit_id AS unit_key,
  items.product_id AS product_key,
  items.quantity,
  items.unit_price,
  items.total_item_value,
  orders.order_type,
  orders.order_status,
  items.observation,
  items._ingest_date
FROM case_ficticio_silver.order_items AS items
JOIN case_ficticio_silver.orders AS orders
  ON orders.order_id = items.order_id
