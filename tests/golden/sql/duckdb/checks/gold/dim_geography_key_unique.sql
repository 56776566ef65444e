SELECT
  geography_key,
  COUNT(*) AS copies
FROM case_ficticio_gold.dim_geography
GROUP BY
  geography_key
HAVING
  COUNT(*) > 1 OR geography_key IS NULL
