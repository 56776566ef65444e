SELECT
  facts.date_key,
  COUNT(*) AS fact_count
FROM case_ficticio_gold.fact_sales AS facts
LEFT JOIN case_ficticio_gold.dim_date AS dimension
  ON dimension.date_key = facts.date_key
WHERE
  dimension.date_key IS NULL
GROUP BY
  facts.date_key
