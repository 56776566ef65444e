-- Each order_id stands once in gold.fact_sales, and none is NULL.
SELECT order_id, COUNT(*) AS copies
FROM gold.fact_sales
GROUP BY order_id
HAVING COUNT(*) > 1 OR order_id IS NULL;
