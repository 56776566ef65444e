-- Each unit stands in a state of silver.states and a country of silver.countries.
SELECT unit_id, unit_name, state_id, country_id
FROM silver.units
WHERE state_name IS NULL OR country_name IS NULL;
