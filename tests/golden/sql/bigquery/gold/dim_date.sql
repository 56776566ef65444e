CREATE OR REPLACE TABLE case_ficticio_gold.dim_date AS
WITH span AS (
  SELECT
    LEAST(CAST('2025-01-01' AS DATE), COALESCE(MIN(order_date), CAST('2025-01-01' AS DATE))) AS first_date,
    GREATEST(CAST('2027-12-31' AS DATE), COALESCE(MAX(order_date), CAST('2027-12-31' AS DATE))) AS last_date
  FROM case_ficticio_silver.orders
)
SELECT
  FORMAT_DATE('%Y%m%d', d) AS date_key,
  d AS full_date,
  EXTRACT(YEAR FROM d) AS year,
  EXTRACT(QUARTER FROM d) AS quarter,
  FORMAT_DATE('%Y-Q%Q', d) AS year_quarter,
  EXTRACT(MONTH FROM d) AS month,
  FORMAT_DATE('%B', d) AS month_name,
  FORMAT_DATE('%Y-%m', d) AS year_month,
  EXTRACT(WEEK FROM d) AS week_of_year,
  EXTRACT(ISOWEEK FROM d) AS iso_week,
  EXTRACT(DAY FROM d) AS day_of_month,
  EXTRACT(DAYOFWEEK FROM d) AS day_of_week_num,
  FORMAT_DATE('%A', d) AS day_of_week_name,
  FORMAT_DATE('%a', d) AS day_of_week_abbrev,
  EXTRACT(DAYOFYEAR FROM d) AS day_of_year,
  EXTRACT(DAYOFWEEK FROM d) IN (1, 7) AS is_weekend,
  NOT EXTRACT(DAYOFWEEK FROM d) IN (1, 7) AS is_weekday,
  DATE_DIFF(d, DATE_TRUNC(d, MONTH), DAY) + 1 AS day_in_month,
  LAST_DAY(d, MONTH) AS last_day_of_month,
  CAST(DATE_TRUNC(d, MONTH) AS DATE) AS first_day_of_month
FROM span
CROSS JOIN UNNEST(GENERATE_DATE_ARRAY(first_date, last_date, INTERVAL '1' DAY)) AS d
