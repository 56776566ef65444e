CREATE OR REPLACE TABLE case_ficticio_silver.units AS
WITH latest AS (
  SELECT
    id_unidade,
    nome_unidade,
    id_estado,
    _ingest_timestamp
  FROM case_ficticio_bronze.units
  WHERE
    TRUE
  QUALIFY
    ROW_NUMBER() OVER (
      PARTITION BY id_unidade
      ORDER BY _ingest_timestamp DESC, nome_unidade DESC, id_estado DESC
    ) = 1
)
SELECT
  latest.id_unidade AS unit_id,
  latest.nome_unidade AS unit_name,
  latest.id_estado AS state_id,
  states.state_name,
  states.country_id,
  countries.country_name,
  GREATEST(
    latest._ingest_timestamp,
    COALESCE(states._updated_at, latest._ingest_timestamp),
    COALESCE(countries._updated_at, latest._ingest_timestamp)
  ) AS _updated_at
FROM latest
LEFT JOIN case_ficticio_silver.states AS states
  ON states.state_id = latest.id_estado
LEFT JOIN case_ficticio_silver.countries AS countries
  ON countries.country_id = states.country_id
