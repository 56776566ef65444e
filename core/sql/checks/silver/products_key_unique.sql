-- Each product_id stands once in silver.products, and none is NULL.
SELECT product_id, COUNT(*) AS copies
FROM silver.products
GROUP BY product_id
HAVING COUNT(*) > 1 OR product_id IS NULL;
