SELECT
  date_key,
  COUNT(*) AS copies
FROM case_ficticio_gold.dim_date
GROUP BY
  date_key
HAVING
  COUNT(*) > 1 OR date_key IS NULL
