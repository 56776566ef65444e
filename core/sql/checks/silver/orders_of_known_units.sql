-- Each order comes from a unit of silver.units.
SELECT orders.unit_id, COUNT(*) AS order_count
FROM silver.orders AS orders
LEFT JOIN silver.units AS units ON units.unit_id = orders.unit_id
WHERE units.unit_id IS NULL
GROUP BY orders.unit_id;
