"""Diagnostics: the checks of what could be wrong."""

from ui import boot

boot.guard("diagnostics")


def page() -> None:
    """Nothing yet."""


boot.show("diagnostics", page)
