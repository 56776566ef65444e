-- Each geography_key stands once in gold.dim_geography, and none is NULL.
SELECT geography_key, COUNT(*) AS copies
FROM gold.dim_geography
GROUP BY geography_key
HAVING COUNT(*) > 1 OR geography_key IS NULL;
