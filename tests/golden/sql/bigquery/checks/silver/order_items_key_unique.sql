SELECT
  order_item_id,
  COUNT(*) AS copies
FROM case_ficticio_silver.order_items
GROUP BY
  order_item_id
HAVING
  COUNT(*) > 1 OR order_item_id IS NULL
