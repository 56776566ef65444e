CREATE OR REPLACE TABLE case_ficticio_gold.agg_daily_sales AS
WITH days AS (
  SELECT
    date_key,
    COUNT(*) AS total_orders,
    COUNTIF(order_type = 'ONLINE') AS online_orders,
    COUNTIF(order_type = 'PHYSICAL') AS physical_orders,
    SUM(order_value) AS total_revenue,
    SUM(IF(order_type = 'ONLINE', order_value, 0)) AS online_revenue,
    SUM(IF(order_type = 'PHYSICAL', order_value, 0)) AS physical_revenue,
    SUM(delivery_fee) AS total_delivery_fees,
    CAST(SUM(total_items) AS INT64) AS total_items_sold,
    COUNT(DISTINCT unit_key) AS active_units,
    COUNTIF(order_status = 'Finalizado') AS completed_orders,
    COUNTIF(order_status = 'Cancelado') AS canceled_orders,
    COUNTIF(order_status = 'Pendente') AS pending_orders
  FROM case_ficticio_gold.fact_sales
  GROUP BY
    date_key
)
SELECT
  days.date_key,
  dates.full_date AS order_date,
  dates.year,
  dates.month,
  dates.month_name,
  dates.year_month,
  dates.day_of_week_name,
  dates.is_weekend,
  days.total_orders,
  days.online_orders,
  days.physical_orders,
  CAST(days.total_revenue AS NUMERIC) AS total_revenue,
  CAST(days.online_revenue AS NUMERIC) AS online_revenue,
  CAST(days.physical_revenue AS NUMERIC) AS physical_revenue,
  ROUND(SAFE_DIVIDE(CAST(days.total_revenue AS NUMERIC), days.total_orders), 2) AS avg_order_value,
  CAST(days.total_delivery_fees AS NUMERIC) AS total_delivery_fees,
  ROUND(SAFE_DIVIDE(CAST(days.total_delivery_fees AS NUMERIC), days.total_orders), 2) AS avg_delivery_fee,
  days.total_items_sold,
  ROUND(SAFE_DIVIDE(CAST(days.total_items_sold AS NUMERIC), days.total_orders), 2) AS avg_items_per_order,
  days.active_units,
  days.completed_orders,
  days.canceled_orders,
  days.pending_orders,
  ROUND(SAFE_DIVIDE(CAST(100 * days.online_orders AS NUMERIC), days.total_orders), 2) AS online_pct,
  ROUND(SAFE_DIVIDE(CAST(100 * days.canceled_orders AS NUMERIC), days.total_orders), 2) AS cancellation_rate
FROM days
JOIN case_ficticio_gold.dim_date AS dates
  ON dates.date_key = days.date_key
