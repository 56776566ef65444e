-- Each date_key of gold.fact_sales is in gold.dim_date.
SELECT facts.date_key, COUNT(*) AS fact_count
FROM gold.fact_sales AS facts
LEFT JOIN gold.dim_date AS dimension ON dimension.date_key = facts.date_key
WHERE dimension.date_key IS NULL
GROUP BY facts.date_key;
