"""The page Rebuild."""
