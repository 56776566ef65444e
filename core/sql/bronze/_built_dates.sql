-- One row a layer, business date and _ingest_date of its rows; key all three. Which state of the ledger's objects the layer shows of the date.
-- order_date is NULL for objects without a business date, which are the reference data.
CREATE TABLE IF NOT EXISTS bronze._built_dates (
  layer STRING NOT NULL,
  order_date DATE,
  ingest_date DATE NOT NULL,
  version STRING NOT NULL
);
