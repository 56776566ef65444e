"""Storage: the bucket by date, unit and window, down to the lines of a file."""

from ui import boot

boot.guard("storage")


def page() -> None:
    """Nothing yet."""


boot.show("storage", page)
