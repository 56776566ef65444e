SELECT
  items.product_id,
  COUNT(*) AS item_count
FROM case_ficticio_silver.order_items AS items
LEFT JOIN case_ficticio_silver.products AS products
  ON products.product_id = items.product_id
WHERE
  products.product_id IS NULL
GROUP BY
  items.product_id
