-- Each date_key stands once in gold.dim_date, and none is NULL.
SELECT date_key, COUNT(*) AS copies
FROM gold.dim_date
GROUP BY date_key
HAVING COUNT(*) > 1 OR date_key IS NULL;
