"""Faults on demand: named scenarios, what they hit, and the answer key."""
