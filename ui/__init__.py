"""The parts of the panel's pages, and what the pages share."""
