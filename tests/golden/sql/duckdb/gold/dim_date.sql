CREATE OR REPLACE TABLE case_ficticio_gold.dim_date AS
WITH span AS (
  SELECT
    CASE
      WHEN CAST('2025-01-01' AS DATE) IS NULL
      OR COALESCE(MIN(order_date), CAST('2025-01-01' AS DATE)) IS NULL
      THEN NULL
      ELSE LEAST(CAST('2025-01-01' AS DATE), COALESCE(MIN(order_date), CAST('2025-01-01' AS DATE)))
    END AS first_date,
    CASE
      WHEN CAST('2027-12-31' AS DATE) IS NULL
      OR COALESCE(MAX(order_date), CAST('2027-12-31' AS DATE)) IS NULL
      THEN NULL
      ELSE GREATEST(CAST('2027-12-31' AS DATE), COALESCE(MAX(order_date), CAST('2027-12-31' AS DATE)))
    END AS last_date
  FROM case_ficticio_silver.orders
)
SELECT
  STRFTIME(CAST(d AS DATE), '%Y%m%d') AS date_key,
  d AS full_date,
  EXTRACT(YEAR FROM d) AS year,
  EXTRACT(QUARTER FROM d) AS quarter,
  STRFTIME(CAST(d AS DATE), '%Y-Q') || CAST(EXTRACT(QUARTER FROM CAST(d AS DATE)) AS TEXT) AS year_quarter,
  EXTRACT(MONTH FROM d) AS month,
  STRFTIME(CAST(d AS DATE), '%B') AS month_name,
  STRFTIME(CAST(d AS DATE), '%Y-%m') AS year_month,
  (
    (
      EXTRACT(DAYOFYEAR FROM d) + 6 - EXTRACT(DAYOFWEEK FROM d)
    ) // 7
  ) AS week_of_year,
  EXTRACT(WEEK FROM d) AS iso_week,
  EXTRACT(DAY FROM d) AS day_of_month,
  (
    EXTRACT(DAYOFWEEK FROM d) + 1
  ) AS day_of_week_num,
  STRFTIME(CAST(d AS DATE), '%A') AS day_of_week_name,
  STRFTIME(CAST(d AS DATE), '%a') AS day_of_week_abbrev,
  EXTRACT(DAYOFYEAR FROM d) AS day_of_year,
  (
    EXTRACT(DAYOFWEEK FROM d) + 1
  ) IN (1, 7) AS is_weekend,
  NOT (
    EXTRACT(DAYOFWEEK FROM d) + 1
  ) IN (1, 7) AS is_weekday,
  DATE_DIFF('DAY', CAST(DATE_TRUNC('MONTH', d) AS DATE), d) + 1 AS day_in_month,
  LAST_DAY(d) AS last_day_of_month,
  CAST(CAST(DATE_TRUNC('MONTH', d) AS DATE) AS DATE) AS first_day_of_month
FROM span
CROSS JOIN UNNEST(CAST(GENERATE_SERIES(first_date, last_date, INTERVAL '1' DAY) AS DATE[])) AS _t0(d)
