-- Each product_key stands once in gold.agg_product_performance, and none is NULL.
SELECT product_key, COUNT(*) AS copies
FROM gold.agg_product_performance
GROUP BY product_key
HAVING COUNT(*) > 1 OR product_key IS NULL;
