-- Each unit_key of gold.fact_sales is in gold.dim_unit.
SELECT facts.unit_key, COUNT(*) AS fact_count
FROM gold.fact_sales AS facts
LEFT JOIN gold.dim_unit AS dimension ON dimension.unit_key = facts.unit_key
WHERE dimension.unit_key IS NULL
GROUP BY facts.unit_key;
