SELECT
  facts.product_key,
  COUNT(*) AS fact_count
FROM case_ficticio_gold.fact_order_items AS facts
LEFT JOIN case_ficticio_gold.dim_product AS dimension
  ON dimension.product_key = facts.product_key
WHERE
  dimension.product_key IS NULL
GROUP BY
  facts.product_key
