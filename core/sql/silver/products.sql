-- One row a product; key product_id. The latest ingestion wins.
CREATE OR REPLACE TABLE silver.products AS
SELECT
  id_produto AS product_id,
  nome_produto AS product_name,
  _ingest_timestamp AS _updated_at
FROM bronze.products
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY id_produto ORDER BY _ingest_timestamp DESC, nome_produto DESC
) = 1;
