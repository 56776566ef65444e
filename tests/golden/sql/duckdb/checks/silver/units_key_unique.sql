SELECT
  unit_id,
  COUNT(*) AS copies
FROM case_ficticio_silver.units
GROUP BY
  unit_id
HAVING
  COUNT(*) > 1 OR unit_id IS NULL
