"""Diagnostics: checks of the installation, each with its fix."""
