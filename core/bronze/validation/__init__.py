"""The rules of Bronze: which rows of a file load, and why the others do not."""
