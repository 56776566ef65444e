"""Pages' queries to the platform; all viewers share the answers."""
