CREATE OR REPLACE TABLE case_ficticio_silver.products AS
SELECT
  id_produto AS product_id,
  nome_produto AS product_name,
  _ingest_timestamp AS _updated_at
FROM case_ficticio_bronze.products
WHERE
  TRUE
QUALIFY
  ROW_NUMBER() OVER (PARTITION BY id_produto ORDER BY _ingest_timestamp DESC, nome_produto DESC) = 1
