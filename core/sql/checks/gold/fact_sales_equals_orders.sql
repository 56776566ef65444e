-- gold.fact_sales has the orders of silver.orders: on each date as many, with the same value.
WITH facts AS (
  SELECT order_date, COUNT(*) AS orders, SUM(order_value) AS order_value
  FROM gold.fact_sales
  GROUP BY order_date
),

source AS (
  SELECT order_date, COUNT(*) AS orders, SUM(order_value) AS order_value
  FROM silver.orders
  GROUP BY order_date
)
SELECT
  COALESCE(source.order_date, facts.order_date) AS order_date,
  facts.orders AS fact_orders,
  source.orders AS silver_orders,
  facts.order_value AS fact_value,
  source.order_value AS silver_value
FROM facts
FULL OUTER JOIN source ON source.order_date = facts.order_date
WHERE facts.orders IS DISTINCT FROM source.orders
  OR facts.order_value IS DISTINCT FROM source.order_value;
