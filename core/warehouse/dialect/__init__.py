"""GoogleSQL as each warehouse reads it."""
