SELECT
  state_id,
  COUNT(*) AS copies
FROM case_ficticio_silver.states
GROUP BY
  state_id
HAVING
  COUNT(*) > 1 OR state_id IS NULL
