"""Usage: how much of the free tier the platform uses, and what the rest costs."""

from ui.shell import boot, error_boundary
from ui.usage import sections

boot.guard("usage")


def page() -> None:
    """Show the usage of a month, then that of a plan, which needs no data."""
    month = sections.choose_month()
    projected = None
    with error_boundary.show_errors("usage_month"):
        projected = sections.show_month(month)
    sections.show_what_if(month, projected)
    sections.show_guide()
    sections.show_prices()


boot.show("usage", page)
