-- One row a unit line of a loaded unidade.csv; key id_unidade.
CREATE TABLE IF NOT EXISTS bronze.units (
  id_unidade INT64 NOT NULL,
  nome_unidade STRING,
  id_estado INT64,
  _ingest_timestamp TIMESTAMP
);
