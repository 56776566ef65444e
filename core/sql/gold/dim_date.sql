-- One row a day, 2025 to 2027 and over all order dates, without a gap; key date_key.
-- Weeks of week_of_year start on Sunday; the days before a year's first Sunday are week 0.
CREATE OR REPLACE TABLE gold.dim_date AS
WITH span AS (
  SELECT
    LEAST(DATE '2025-01-01', COALESCE(MIN(order_date), DATE '2025-01-01')) AS first_date,
    GREATEST(DATE '2027-12-31', COALESCE(MAX(order_date), DATE '2027-12-31')) AS last_date
  FROM silver.orders
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
  EXTRACT(DAYOFWEEK FROM d) NOT IN (1, 7) AS is_weekday,

  DATE_DIFF(d, DATE_TRUNC(d, MONTH), DAY) + 1 AS day_in_month,
  LAST_DAY(d, MONTH) AS last_day_of_month,
  CAST(DATE_TRUNC(d, MONTH) AS DATE) AS first_day_of_month
FROM span
CROSS JOIN UNNEST(GENERATE_DATE_ARRAY(first_date, last_date)) AS d;
