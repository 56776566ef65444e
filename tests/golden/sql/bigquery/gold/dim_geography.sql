CREATE OR REPLACE TABLE case_ficticio_gold.dim_geography AS
SELECT
  states.state_id AS geography_key,
  states.state_id,
  states.state_name,
  states.country_id,
  countries.country_name
FROM case_ficticio_silver.states AS states
LEFT JOIN case_ficticio_silver.countries AS countries
  ON countries.country_id = states.country_id
