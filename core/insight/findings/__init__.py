"""What this pipeline finds wrong, as a table of findings that the grade of a scenario reads."""
