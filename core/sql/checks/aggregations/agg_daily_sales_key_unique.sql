-- Each date_key stands once in gold.agg_daily_sales, and none is NULL.
SELECT date_key, COUNT(*) AS copies
FROM gold.agg_daily_sales
GROUP BY date_key
HAVING COUNT(*) > 1 OR date_key IS NULL;
