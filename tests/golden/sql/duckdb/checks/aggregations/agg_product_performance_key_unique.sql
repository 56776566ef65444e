SELECT
  product_key,
  COUNT(*) AS copies
FROM case_ficticio_gold.agg_product_performance
GROUP BY
  product_key
HAVING
  COUNT(*) > 1 OR product_key IS NULL
