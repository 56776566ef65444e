-- Each item belongs to an order of silver.orders.
SELECT items.order_item_id, items.order_id
FROM silver.order_items AS items
LEFT JOIN silver.orders AS orders ON orders.order_id = items.order_id
WHERE orders.order_id IS NULL;
