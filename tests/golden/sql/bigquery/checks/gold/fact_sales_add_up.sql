WITH orders AS (
  SELECT
    order_date,
    SUM(total_items) AS items,
    SUM(total_quantity) AS quantity,
    SUM(items_subtotal) AS items_value
  FROM case_ficticio_gold.fact_sales
  GROUP BY
    order_date
), items AS (
  SELECT
    order_date,
    COUNT(*) AS items,
    SUM(quantity) AS quantity,
    SUM(total_item_value) AS items_value
  FROM case_ficticio_gold.fact_order_items
  GROUP BY
    order_date
)
SELECT
  COALESCE(orders.order_date, items.order_date) AS order_date,
  orders.items AS order_items,
  items.items AS fact_items,
  orders.quantity AS order_quantity,
  items.quantity AS item_quantity,
  orders.items_value AS order_items_value,
  items.items_value
FROM orders
FULL OUTER JOIN items
  ON items.order_date = orders.order_date
WHERE
  COALESCE(orders.items, 0) <> COALESCE(items.items, 0)
  OR COALESCE(orders.quantity, 0) <> COALESCE(items.quantity, 0)
  OR COALESCE(orders.items_value, 0) <> COALESCE(items.items_value, 0)
