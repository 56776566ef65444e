-- One row a state; key geography_key, equal to state_id.
CREATE OR REPLACE TABLE gold.dim_geography AS
SELECT
  states.state_id AS geography_key,
  states.state_id,
  states.state_name,
  states.country_id,
  countries.country_name
FROM silver.states AS states
LEFT JOIN silver.countries AS countries ON countries.country_id = states.country_id;
