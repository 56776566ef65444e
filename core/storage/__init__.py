"""Storage: objects, their names and manifests, and how a request is published."""
