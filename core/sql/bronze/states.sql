-- One row a state line of a loaded estado.csv; key id_estado.
CREATE TABLE IF NOT EXISTS bronze.states (
  id_estado INT64 NOT NULL,
  id_pais INT64,
  nome_estado STRING,
  _ingest_timestamp TIMESTAMP
);
