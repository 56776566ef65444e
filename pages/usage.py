"""Usage: what the platform takes of the free tier, and what it costs beyond."""

from ui.shell import boot, error_boundary
from ui.usage import sections

boot.guard("usage")


def page() -> None:
    """What happened in a month, then what a plan would take, for which nothing has to be there."""
    month = sections.month_input()
    projected = None
    with error_boundary.show_errors("usage_month"):
        projected = sections.happened(month)
    sections.what_if(month, projected)
    sections.guide_table()
    sections.price_table()


boot.show("usage", page)
