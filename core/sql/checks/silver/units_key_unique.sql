-- Each unit_id stands once in silver.units, and none is NULL.
SELECT unit_id, COUNT(*) AS copies
FROM silver.units
GROUP BY unit_id
HAVING COUNT(*) > 1 OR unit_id IS NULL;
