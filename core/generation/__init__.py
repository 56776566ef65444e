"""Generate the orders of a window, as rows and as CSV or Parquet bytes."""
