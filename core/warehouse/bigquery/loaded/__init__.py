"""What Bronze on BigQuery has loaded: the log, the ledger, the rows, their one bucket."""
