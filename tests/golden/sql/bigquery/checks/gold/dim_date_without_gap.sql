WITH span AS (
  SELECT
    MIN(full_date) AS first_date,
    MAX(full_date) AS last_date,
    COUNT(DISTINCT full_date) AS days
  FROM case_ficticio_gold.dim_date
)
SELECT
  first_date,
  last_date,
  days
FROM span
WHERE
  first_date IS NULL
  OR first_date > CAST('2025-01-01' AS DATE)
  OR last_date < CAST('2027-12-31' AS DATE)
  OR days <> DATE_DIFF(last_date, first_date, DAY) + 1
