"""Usage: what the platform takes of the free tier, and what it costs beyond."""

from ui.shell import boot, error_boundary
from ui.usage import sections

boot.guard("usage")


def page() -> None:
    """What happened in a month, then what a plan would take, for which nothing has to be there."""
    month = sections.choose_month()
    projected = None
    with error_boundary.show_errors("usage_month"):
        projected = sections.show_month(month)
    sections.show_what_if(month, projected)
    sections.show_guide()
    sections.show_prices()


boot.show("usage", page)
