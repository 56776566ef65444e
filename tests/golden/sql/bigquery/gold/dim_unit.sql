CREATE OR REPLACE TABLE case_ficticio_gold.dim_unit AS
SELECT
  unit_id AS unit_key,
  unit_id,
  unit_name,
  state_id,
  state_name,
  country_id,
  country_name,
  _updated_at AS _valid_from,
  CAST(NULL AS TIMESTAMP) AS _valid_to,
  TRUE AS is_current
FROM case_ficticio_silver.units
