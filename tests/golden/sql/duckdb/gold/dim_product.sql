CREATE OR REPLACE TABLE case_ficticio_gold.dim_product AS
SELECT
  product_id AS product_key,
  product_id,
  product_name,
  _updated_at AS _valid_from,
  CAST(NULL AS TIMESTAMPTZ) AS _valid_to,
  TRUE AS is_current
FROM case_ficticio_silver.products
