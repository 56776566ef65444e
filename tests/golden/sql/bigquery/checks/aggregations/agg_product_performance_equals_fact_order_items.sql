WITH facts AS (
  SELECT
    product_key,
    COUNT(*) AS items,
    SUM(quantity) AS quantity,
    SUM(total_item_value) AS revenue
  FROM case_ficticio_gold.fact_order_items
  GROUP BY
    product_key
)
SELECT
  facts.product_key AS fact_key,
  agg.product_key AS agg_key,
  facts.items AS fact_items,
  agg.total_line_items AS agg_items,
  facts.revenue AS fact_revenue,
  agg.total_revenue AS agg_revenue
FROM facts
FULL OUTER JOIN case_ficticio_gold.agg_product_performance AS agg
  ON agg.product_key = facts.product_key
WHERE
  facts.items IS DISTINCT FROM agg.total_line_items
  OR facts.quantity IS DISTINCT FROM agg.total_quantity_sold
  OR facts.revenue IS DISTINCT FROM agg.total_revenue
