SELECT
  orders.unit_id,
  COUNT(*) AS order_count
FROM case_ficticio_silver.orders AS orders
LEFT JOIN case_ficticio_silver.units AS units
  ON units.unit_id = orders.unit_id
WHERE
  units.unit_id IS NULL
GROUP BY
  orders.unit_id
