"""Alerts: incidents that need a person, their store, and the channels that report them."""
