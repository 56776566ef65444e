-- Each state_id stands once in silver.states, and none is NULL.
SELECT state_id, COUNT(*) AS copies
FROM silver.states
GROUP BY state_id
HAVING COUNT(*) > 1 OR state_id IS NULL;
