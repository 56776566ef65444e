"""Bronze: validate objects, load each one once, and quarantine what is not valid."""
