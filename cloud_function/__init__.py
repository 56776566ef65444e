"""Google Cloud's side of the platform: two functions, and how they and the panel get there."""
