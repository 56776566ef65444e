CREATE TABLE IF NOT EXISTS case_ficticio_bronze._built_layers (
  layer TEXT NOT NULL,
  bronze_version TEXT NOT NULL
)
