"""docs/faults.md: its generated parts, and the lesson that runs."""
