"""Runs: everything that was started, and what became of it."""

from ui import boot

boot.guard("runs")


def page() -> None:
    """Nothing yet."""


boot.show("runs", page)
