SELECT
  unit_key,
  COUNT(*) AS copies
FROM case_ficticio_gold.dim_unit
GROUP BY
  unit_key
HAVING
  COUNT(*) > 1 OR unit_key IS NULL
