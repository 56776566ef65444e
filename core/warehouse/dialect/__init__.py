"""GoogleSQL for each warehouse."""
