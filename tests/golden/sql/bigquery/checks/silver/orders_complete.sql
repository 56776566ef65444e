SELECT
  order_id,
  unit_id,
  order_date,
  order_status,
  order_value,
  delivery_fee
FROM case_ficticio_silver.orders
WHERE
  unit_id IS NULL
  OR order_date IS NULL
  OR order_status IS NULL
  OR order_value IS NULL
  OR delivery_fee IS NULL
