CREATE OR REPLACE TABLE case_ficticio_gold.agg_unit_performance AS
WITH sales AS (
  SELECT
    unit_key,
    COUNT(*) AS total_orders,
    COUNTIF(order_type = 'ONLINE') AS online_orders,
    COUNTIF(order_type = 'PHYSICAL') AS physical_orders,
    CAST(SUM(order_value) AS NUMERIC) AS total_revenue,
    CAST(SUM(total_items) AS INT64) AS total_items_sold,
    COUNTIF(order_status = 'Finalizado') AS completed_orders,
    COUNTIF(order_status = 'Cancelado') AS canceled_orders,
    MIN(order_date) AS first_order_date,
    MAX(order_date) AS last_order_date,
    COUNT(DISTINCT order_date) AS days_active
  FROM case_ficticio_gold.fact_sales
  GROUP BY
    unit_key
)
SELECT
  sales.unit_key,
  units.unit_id,
  units.unit_name,
  units.state_name,
  units.country_name,
  sales.total_orders,
  sales.online_orders,
  sales.physical_orders,
  sales.total_revenue,
  ROUND(SAFE_DIVIDE(CAST(sales.total_revenue AS NUMERIC), sales.total_orders), 2) AS avg_order_value,
  sales.total_items_sold,
  ROUND(SAFE_DIVIDE(CAST(sales.total_items_sold AS NUMERIC), sales.total_orders), 2) AS avg_items_per_order,
  sales.completed_orders,
  sales.canceled_orders,
  ROUND(SAFE_DIVIDE(CAST(100 * sales.canceled_orders AS NUMERIC), sales.total_orders), 2) AS cancellation_rate,
  ROUND(SAFE_DIVIDE(CAST(100 * sales.online_orders AS NUMERIC), sales.total_orders), 2) AS online_pct,
  sales.first_order_date,
  sales.last_order_date,
  sales.days_active,
  RANK() OVER (ORDER BY sales.total_revenue DESC) AS revenue_rank,
  RANK() OVER (ORDER BY sales.total_orders DESC) AS order_volume_rank
FROM sales
JOIN case_ficticio_gold.dim_unit AS units
  ON units.unit_key = sales.unit_key
