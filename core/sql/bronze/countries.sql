-- One row a country line of a loaded pais.csv; key id_pais.
CREATE TABLE IF NOT EXISTS bronze.countries (
  id_pais INT64 NOT NULL,
  nome_pais STRING,
  _ingest_timestamp TIMESTAMP
);
