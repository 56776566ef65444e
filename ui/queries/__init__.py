"""What pages read from the platform, kept for all viewers."""
