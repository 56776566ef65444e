SELECT
  facts.unit_key,
  COUNT(*) AS fact_count
FROM case_ficticio_gold.fact_sales AS facts
LEFT JOIN case_ficticio_gold.dim_unit AS dimension
  ON dimension.unit_key = facts.unit_key
WHERE
  dimension.unit_key IS NULL
GROUP BY
  facts.unit_key
