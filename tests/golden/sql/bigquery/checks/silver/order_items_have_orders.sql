SELECT
  items.order_item_id,
  items.order_id
FROM case_ficticio_silver.order_items AS items
LEFT JOIN case_ficticio_silver.orders AS orders
  ON orders.order_id = items.order_id
WHERE
  orders.order_id IS NULL
