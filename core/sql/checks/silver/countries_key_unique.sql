-- Each country_id stands once in silver.countries, and none is NULL.
SELECT country_id, COUNT(*) AS copies
FROM silver.countries
GROUP BY country_id
HAVING COUNT(*) > 1 OR country_id IS NULL;
