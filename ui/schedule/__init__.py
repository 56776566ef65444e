"""The page Schedule."""
