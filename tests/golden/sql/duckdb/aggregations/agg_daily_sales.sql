CREATE OR REPLACE TABLE case_ficticio_gold.agg_daily_sales AS
WITH days AS (
  SELECT
    date_key,
    COUNT(*) AS total_orders,
    CAST(COUNT_IF(order_type = 'ONLINE') AS BIGINT) AS online_orders,
    CAST(COUNT_IF(order_type = 'PHYSICAL') AS BIGINT) AS physical_orders,
    SUM(order_value) AS total_revenue,
    SUM(CASE WHEN order_type = 'ONLINE' THEN order_value ELSE 0 END) AS online_revenue,
    SUM(CASE WHEN order_type = 'PHYSICAL' THEN order_value ELSE 0 END) AS physical_revenue,
    SUM(delivery_fee) AS total_delivery_fees,
    CAST(SUM(total_items) AS BIGINT) AS total_items_sold,
    COUNT(DISTINCT unit_key) AS active_units,
    CAST(COUNT_IF(order_status = 'Finalizado') AS BIGINT) AS completed_orders,
    CAST(COUNT_IF(order_status = 'Cancelado') AS BIGINT) AS canceled_orders,
    CAST(COUNT_IF(order_status = 'Pendente') AS BIGINT) AS pending_orders
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
  CAST(days.total_revenue AS DECIMAL(18, 2)) AS total_revenue,
  CAST(days.online_revenue AS DECIMAL(18, 2)) AS online_revenue,
  CAST(days.physical_revenue AS DECIMAL(18, 2)) AS physical_revenue,
  ROUND(
    CASE
      WHEN CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(days.total_revenue AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(days.total_revenue AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS avg_order_value,
  CAST(days.total_delivery_fees AS DECIMAL(18, 2)) AS total_delivery_fees,
  ROUND(
    CASE
      WHEN CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(days.total_delivery_fees AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(days.total_delivery_fees AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS avg_delivery_fee,
  days.total_items_sold,
  ROUND(
    CASE
      WHEN CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(days.total_items_sold AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(days.total_items_sold AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS avg_items_per_order,
  days.active_units,
  days.completed_orders,
  days.canceled_orders,
  days.pending_orders,
  ROUND(
    CASE
      WHEN CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(100 * days.online_orders AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(100 * days.online_orders AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS online_pct,
  ROUND(
    CASE
      WHEN CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(100 * days.canceled_orders AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(100 * days.canceled_orders AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(days.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS cancellation_rate
FROM days
JOIN case_ficticio_gold.dim_date AS dates
  ON dates.date_key = days.date_key
