-- Items, portions and revenue of gold.agg_product_performance are those of gold.fact_order_items, for each product_key.
WITH facts AS (
  SELECT
    product_key,
    COUNT(*) AS items,
    SUM(quantity) AS quantity,
    SUM(total_item_value) AS revenue
  FROM gold.fact_order_items
  GROUP BY product_key
)
SELECT
  facts.product_key AS fact_key,
  agg.product_key AS agg_key,
  facts.items AS fact_items,
  agg.total_line_items AS agg_items,
  facts.revenue AS fact_revenue,
  agg.total_revenue AS agg_revenue
FROM facts
FULL OUTER JOIN gold.agg_product_performance AS agg ON agg.product_key = facts.product_key
WHERE facts.items IS DISTINCT FROM agg.total_line_items
  OR facts.quantity IS DISTINCT FROM agg.total_quantity_sold
  OR facts.revenue IS DISTINCT FROM agg.total_revenue;
