CREATE OR REPLACE TABLE case_ficticio_silver.countries AS
SELECT
  id_pais AS country_id,
  nome_pais AS country_name,
  _ingest_timestamp AS _updated_at
FROM case_ficticio_bronze.countries
WHERE
  TRUE
QUALIFY
  ROW_NUMBER() OVER (PARTITION BY id_pais ORDER BY _ingest_timestamp DESC, nome_pais DESC) = 1
