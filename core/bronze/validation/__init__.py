"""The rules of Bronze: which rows of a file are accepted, and why others are rejected."""
