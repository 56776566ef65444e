-- One row a unit, as it is now; key unit_key, equal to unit_id.
CREATE OR REPLACE TABLE gold.dim_unit AS
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
FROM silver.units;
