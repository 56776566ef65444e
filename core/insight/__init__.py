"""What pages and reports show of the bucket, the tables, the cost and the machine."""
