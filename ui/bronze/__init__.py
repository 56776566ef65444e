"""The page Bronze."""
