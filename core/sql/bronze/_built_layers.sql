-- One row a built layer; key layer. Which state of the ledger the layer shows, as text.
CREATE TABLE IF NOT EXISTS bronze._built_layers (
  layer STRING NOT NULL,
  bronze_version STRING NOT NULL
);
