SELECT
  product_id,
  COUNT(*) AS copies
FROM case_ficticio_silver.products
GROUP BY
  product_id
HAVING
  COUNT(*) > 1 OR product_id IS NULL
