-- One row a state; key state_id. The latest ingestion wins.
CREATE OR REPLACE TABLE silver.states AS
SELECT
  id_estado AS state_id,
  id_pais AS country_id,
  nome_estado AS state_name,
  _ingest_timestamp AS _updated_at
FROM bronze.states
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY id_estado ORDER BY _ingest_timestamp DESC, nome_estado DESC, id_pais DESC
) = 1;
