SELECT
  country_id,
  COUNT(*) AS copies
FROM case_ficticio_silver.countries
GROUP BY
  country_id
HAVING
  COUNT(*) > 1 OR country_id IS NULL
