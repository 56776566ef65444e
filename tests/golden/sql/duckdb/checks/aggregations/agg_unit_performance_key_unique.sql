SELECT
  unit_key,
  COUNT(*) AS copies
FROM case_ficticio_gold.agg_unit_performance
GROUP BY
  unit_key
HAVING
  COUNT(*) > 1 OR unit_key IS NULL
