WITH baskets AS (
  SELECT
    order_id,
    SUM(total_item_value) AS items_value
  FROM case_ficticio_silver.order_items
  GROUP BY
    order_id
)
SELECT
  orders.order_id,
  orders.order_value,
  orders.delivery_fee,
  COALESCE(baskets.items_value, 0) AS items_value
FROM case_ficticio_silver.orders AS orders
LEFT JOIN baskets
  ON baskets.order_id = orders.order_id
WHERE
  orders.order_value IS DISTINCT FROM orders.delivery_fee + COALESCE(baskets.items_value, 0)
