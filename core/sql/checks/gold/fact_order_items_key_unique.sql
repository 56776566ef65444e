-- Each item_id stands once in gold.fact_order_items, and none is NULL.
SELECT item_id, COUNT(*) AS copies
FROM gold.fact_order_items
GROUP BY item_id
HAVING COUNT(*) > 1 OR item_id IS NULL;
