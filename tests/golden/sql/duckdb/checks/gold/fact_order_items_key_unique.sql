SELECT
  item_id,
  COUNT(*) AS copies
FROM case_ficticio_gold.fact_order_items
GROUP BY
  item_id
HAVING
  COUNT(*) > 1 OR item_id IS NULL
