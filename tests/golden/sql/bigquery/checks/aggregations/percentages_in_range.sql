SELECT
  'agg_daily_sales' AS table_name,
  date_key AS row_key,
  online_pct AS first_pct,
  cancellation_rate AS second_pct
FROM case_ficticio_gold.agg_daily_sales
WHERE
  NOT online_pct BETWEEN 0 AND 100 OR NOT cancellation_rate BETWEEN 0 AND 100
UNION ALL
SELECT
  'agg_unit_performance',
  unit_name,
  online_pct,
  cancellation_rate
FROM case_ficticio_gold.agg_unit_performance
WHERE
  NOT online_pct BETWEEN 0 AND 100 OR NOT cancellation_rate BETWEEN 0 AND 100
UNION ALL
SELECT
  'agg_product_performance',
  product_name,
  unit_penetration_pct,
  unit_penetration_pct
FROM case_ficticio_gold.agg_product_performance
WHERE
  NOT unit_penetration_pct BETWEEN 0 AND 100
