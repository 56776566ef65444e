"""Generate the shards of a large request with Apache Beam, in a separate environment."""
