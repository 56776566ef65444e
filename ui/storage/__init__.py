"""The page Storage."""
