-- Percentages are from 0 to 100.
SELECT 'agg_daily_sales' AS table_name, date_key AS row_key, online_pct AS first_pct, cancellation_rate AS second_pct
FROM gold.agg_daily_sales
WHERE online_pct NOT BETWEEN 0 AND 100 OR cancellation_rate NOT BETWEEN 0 AND 100
UNION ALL
SELECT 'agg_unit_performance', unit_name, online_pct, cancellation_rate
FROM gold.agg_unit_performance
WHERE online_pct NOT BETWEEN 0 AND 100 OR cancellation_rate NOT BETWEEN 0 AND 100
UNION ALL
SELECT 'agg_product_performance', product_name, unit_penetration_pct, unit_penetration_pct
FROM gold.agg_product_performance
WHERE unit_penetration_pct NOT BETWEEN 0 AND 100;
