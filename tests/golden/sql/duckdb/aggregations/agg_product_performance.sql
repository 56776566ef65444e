CREATE OR REPLACE TABLE case_ficticio_gold.agg_product_performance AS
WITH sales AS (
  SELECT
    product_key,
    COUNT(DISTINCT order_id) AS total_orders,
    COUNT(*) AS total_line_items,
    CAST(SUM(quantity) AS BIGINT) AS total_quantity_sold,
    CAST(SUM(total_item_value) AS DECIMAL(18, 2)) AS total_revenue,
    SUM(unit_price) AS sum_of_prices,
    COUNT(DISTINCT unit_key) AS units_selling_product,
    MIN(order_date) AS first_sold_date,
    MAX(order_date) AS last_sold_date
  FROM case_ficticio_gold.fact_order_items
  GROUP BY
    product_key
), chain AS (
  SELECT
    COUNT(*) AS total_units
  FROM case_ficticio_gold.dim_unit
)
SELECT
  sales.product_key,
  products.product_id,
  products.product_name,
  sales.total_orders,
  sales.total_line_items,
  sales.total_quantity_sold,
  ROUND(
    CASE
      WHEN CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(sales.total_quantity_sold AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(sales.total_quantity_sold AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(sales.total_orders AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS avg_quantity_per_order,
  sales.total_revenue,
  ROUND(
    CASE
      WHEN CAST(CAST(sales.total_line_items AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(sales.sum_of_prices AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(sales.total_line_items AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(sales.total_line_items AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(sales.sum_of_prices AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(sales.total_line_items AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS avg_unit_price,
  ROUND(
    CASE
      WHEN CAST(CAST(sales.total_line_items AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(sales.total_revenue AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(sales.total_line_items AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(sales.total_line_items AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(sales.total_revenue AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(sales.total_line_items AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS avg_line_value,
  sales.units_selling_product,
  ROUND(
    CASE
      WHEN CAST(CAST(chain.total_units AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) = 0
      THEN NULL
      ELSE CAST((
        2 * ABS(
          CAST(CAST(CAST(100 * sales.units_selling_product AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
        ) + ABS(
          CAST(CAST(chain.total_units AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) // (
        2 * ABS(
          CAST(CAST(chain.total_units AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
        )
      ) * SIGN(
        CAST(CAST(CAST(100 * sales.units_selling_product AS DECIMAL(38, 9)) AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128) * 1000000000
      ) * SIGN(
        CAST(CAST(chain.total_units AS DECIMAL(28, 9)) * CAST(1000000000 AS DECIMAL(10, 0)) AS INT128)
      ) AS DECIMAL(28, 0)) * CAST('0.000000001' AS DECIMAL(10, 9))
    END,
    2
  ) AS unit_penetration_pct,
  sales.first_sold_date,
  sales.last_sold_date,
  RANK() OVER (ORDER BY sales.total_revenue DESC) AS revenue_rank,
  RANK() OVER (ORDER BY sales.total_quantity_sold DESC) AS volume_rank
FROM sales
JOIN case_ficticio_gold.dim_product AS products
  ON products.product_key = sales.product_key
CROSS JOIN chain
