-- Each product_key stands once in gold.dim_product, and none is NULL.
SELECT product_key, COUNT(*) AS copies
FROM gold.dim_product
GROUP BY product_key
HAVING COUNT(*) > 1 OR product_key IS NULL;
