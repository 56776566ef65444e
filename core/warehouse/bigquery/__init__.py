"""The warehouse in BigQuery, with its log of loads."""
