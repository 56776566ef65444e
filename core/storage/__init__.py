"""Storage: objects, their names and manifests, and the publication of requests."""
