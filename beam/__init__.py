"""The shards of a large request as an Apache Beam pipeline, in an environment of its own."""
