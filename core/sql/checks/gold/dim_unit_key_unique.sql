-- Each unit_key stands once in gold.dim_unit, and none is NULL.
SELECT unit_key, COUNT(*) AS copies
FROM gold.dim_unit
GROUP BY unit_key
HAVING COUNT(*) > 1 OR unit_key IS NULL;
