-- One row on BigQuery, none in DuckDB; no key. The bucket that Bronze is loaded from, and what its logs of jobs are told apart by.
-- since is the moment from which on the logs are whole; NULL when they are from the first load on.
CREATE TABLE IF NOT EXISTS bronze._origin (
  bucket STRING NOT NULL,
  log STRING NOT NULL,
  since TIMESTAMP
);
