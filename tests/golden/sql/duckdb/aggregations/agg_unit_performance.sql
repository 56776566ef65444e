CREATE OR REPLACE TABLE case_ficticio_gold.agg_unit_performance AS
WITH sales AS (
  SELECT
    unit_key,
    COUNT(*) AS total_orders,
    CAST(COUNT_IF(order_type = 'ONLINE') AS BIGINT) AS online_orders,
    CAST(COUNT_IF(order_type = 'PHYSICAL') AS BIGINT) AS physical_orders,
    CAST(SUM(order_value) AS DECIMAL(18, 2)) AS total_revenue,
    CAST(SUM(total_items) AS BIGINT) AS total_items_sold,
    CAST(COUNT_IF(order_status = 'Finalizado') AS BIGINT) AS completed_orders,
    CAST(COUNT_IF(order_status = 'Cancelado') AS BIGINT) AS canceled_orders,
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
  ROUND(
    CASE
      WHEN CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(sales.total_revenue AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(sales.total_revenue AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS avg_order_value,
  sales.total_items_sold,
  ROUND(
    CASE
      WHEN CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(sales.total_items_sold AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(sales.total_items_sold AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS avg_items_per_order,
  sales.completed_orders,
  sales.canceled_orders,
  ROUND(
    CASE
      WHEN CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(100 * sales.canceled_orders AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(100 * sales.canceled_orders AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS cancellation_rate,
  ROUND(
    CASE
      WHEN CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(100 * sales.online_orders AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(100 * sales.online_orders AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS online_pct,
  sales.first_order_date,
  sales.last_order_date,
  sales.days_active,
  RANK() OVER (ORDER BY sales.total_revenue DESC) AS revenue_rank,
  RANK() OVER (ORDER BY sales.total_orders DESC) AS order_volume_rank
FROM sales
JOIN case_ficticio_gold.dim_unit AS units
  ON units.unit_key = sales.unit_key
