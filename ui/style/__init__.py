"""Colours, charts and formats."""
