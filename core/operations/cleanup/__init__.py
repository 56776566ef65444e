"""Deleting objects, and what Bronze and quarantine have of deleted ones."""
