CREATE TABLE IF NOT EXISTS case_ficticio_bronze._built_layers (
  layer STRING NOT NULL,
  bronze_version STRING NOT NULL
)
