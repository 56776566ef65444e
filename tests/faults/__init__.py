"""What may go wrong on the way from an event to Bronze: the cases, the scene, and the page."""
