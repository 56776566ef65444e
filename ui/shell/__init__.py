"""What every page has: the session, its door, its address, its runs and its errors."""
