"""Usage: what the platform takes of the free tier, and what it costs beyond."""

from ui.shell import boot, error_boundary
from ui.usage import page as usage

boot.guard("usage")


def page() -> None:
    """What happened in a month, then what a plan would take, for which nothing has to be there."""
    month = usage.month_input()
    projected = None
    with error_boundary.show_errors("usage_month"):
        projected = usage.happened(month)
    usage.what_if(month, projected)
    usage.guide_table()
    usage.price_table()


boot.show("usage", page)
