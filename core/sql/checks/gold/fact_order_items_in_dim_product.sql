-- Each product_key of gold.fact_order_items is in gold.dim_product.
SELECT facts.product_key, COUNT(*) AS fact_count
FROM gold.fact_order_items AS facts
LEFT JOIN gold.dim_product AS dimension ON dimension.product_key = facts.product_key
WHERE dimension.product_key IS NULL
GROUP BY facts.product_key;
