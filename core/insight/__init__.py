"""What pages and reports show about the bucket, the tables, the cost and the machine."""
