-- Each order_item_id stands once in silver.order_items, and none is NULL.
SELECT order_item_id, COUNT(*) AS copies
FROM silver.order_items
GROUP BY order_item_id
HAVING COUNT(*) > 1 OR order_item_id IS NULL;
