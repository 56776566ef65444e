"""Bronze: objects are validated, loaded once, and quarantined where they cannot be."""
