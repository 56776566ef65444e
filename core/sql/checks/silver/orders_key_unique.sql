-- Each order_id stands once in silver.orders, and none is NULL.
SELECT order_id, COUNT(*) AS copies
FROM silver.orders
GROUP BY order_id
HAVING COUNT(*) > 1 OR order_id IS NULL;
