SELECT
  unit_id,
  unit_name,
  state_id,
  country_id
FROM case_ficticio_silver.units
WHERE
  state_name IS NULL OR country_name IS NULL
