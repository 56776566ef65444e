"""Usage: what the platform takes of the free tier, and what it costs beyond."""

from ui import boot

boot.guard("usage")


def page() -> None:
    """Nothing yet."""


boot.show("usage", page)
