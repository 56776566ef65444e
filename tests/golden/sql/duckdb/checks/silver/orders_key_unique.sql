SELECT
  order_id,
  COUNT(*) AS copies
FROM case_ficticio_silver.orders
GROUP BY
  order_id
HAVING
  COUNT(*) > 1 OR order_id IS NULL
