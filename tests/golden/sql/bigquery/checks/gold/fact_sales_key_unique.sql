SELECT
  order_id,
  COUNT(*) AS copies
FROM case_ficticio_gold.fact_sales
GROUP BY
  order_id
HAVING
  COUNT(*) > 1 OR order_id IS NULL
