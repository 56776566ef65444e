WITH facts AS (
  SELECT
    unit_key,
    COUNT(*) AS orders,
    SUM(order_value) AS revenue,
    SUM(total_items) AS items
  FROM case_ficticio_gold.fact_sales
  GROUP BY
    unit_key
)
SELECT
  facts.unit_key AS fact_key,
  agg.unit_key AS agg_key,
  facts.orders AS fact_orders,
  agg.total_orders AS agg_orders,
  facts.revenue AS fact_revenue,
  agg.total_revenue AS agg_revenue
FROM facts
FULL OUTER JOIN case_ficticio_gold.agg_unit_performance AS agg
  ON agg.unit_key = facts.unit_key
WHERE
  facts.orders IS DISTINCT FROM agg.total_orders
  OR facts.revenue IS DISTINCT FROM agg.total_revenue
  OR facts.items IS DISTINCT FROM agg.total_items_sold
