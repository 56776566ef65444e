-- Each unit_key stands once in gold.agg_unit_performance, and none is NULL.
SELECT unit_key, COUNT(*) AS copies
FROM gold.agg_unit_performance
GROUP BY unit_key
HAVING COUNT(*) > 1 OR unit_key IS NULL;
