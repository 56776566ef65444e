-- gold.dim_date has every day from its first to its last, and all of 2025 to 2027.
WITH span AS (
  SELECT
    MIN(full_date) AS first_date,
    MAX(full_date) AS last_date,
    COUNT(DISTINCT full_date) AS days
  FROM gold.dim_date
)
SELECT first_date, last_date, days
FROM span
WHERE first_date IS NULL
  OR first_date > DATE '2025-01-01'
  OR last_date < DATE '2027-12-31'
  OR days <> DATE_DIFF(last_date, first_date, DAY) + 1;
