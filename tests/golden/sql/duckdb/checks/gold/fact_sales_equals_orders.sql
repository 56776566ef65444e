WITH facts AS (
  SELECT
    COUNT(*) AS orders,
    SUM(order_value) AS order_value
  FROM case_ficticio_gold.fact_sales
), source AS (
  SELECT
    COUNT(*) AS orders,
    SUM(order_value) AS order_value
  FROM case_ficticio_silver.orders
)
SELECT
  facts.orders AS fact_orders,
  source.orders AS silver_orders,
  facts.order_value AS fact_value,
  source.order_value AS silver_value
FROM facts
CROSS JOIN source
WHERE
  facts.orders <> source.orders
  OR facts.order_value IS DISTINCT FROM source.order_value
