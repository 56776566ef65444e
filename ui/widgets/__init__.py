"""Fields, cards and tables that several pages have."""
