"""The rhythm of the business: how many orders a unit gets in a window of a date, and why."""
