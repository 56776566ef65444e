WITH facts AS (
  SELECT
    COUNT(*) AS items,
    SUM(total_item_value) AS items_value
  FROM case_ficticio_gold.fact_order_items
), source AS (
  SELECT
    COUNT(*) AS items,
    SUM(total_item_value) AS items_value
  FROM case_ficticio_silver.order_items
)
SELECT
  facts.items AS fact_items,
  source.items AS silver_items,
  facts.items_value AS fact_value,
  source.items_value AS silver_value
FROM facts
CROSS JOIN source
WHERE
  facts.items <> source.items
  OR facts.items_value IS DISTINCT FROM source.items_value
