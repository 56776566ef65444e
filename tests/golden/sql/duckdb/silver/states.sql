CREATE OR REPLACE TABLE case_ficticio_silver.states AS
SELECT
  id_estado AS state_id,
  id_pais AS country_id,
  nome_estado AS state_name,
  _ingest_timestamp AS _updated_at
FROM case_ficticio_bronze.states
WHERE
  TRUE
QUALIFY
  ROW_NUMBER() OVER (
    PARTITION BY id_estado
    ORDER BY _ingest_timestamp DESC, nome_estado DESC, id_pais DESC
  ) = 1
