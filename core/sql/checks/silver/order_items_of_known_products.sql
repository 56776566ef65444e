-- Each item is of a product of silver.products.
SELECT items.product_id, COUNT(*) AS item_count
FROM silver.order_items AS items
LEFT JOIN silver.products AS products ON products.product_id = items.product_id
WHERE products.product_id IS NULL
GROUP BY items.product_id;
