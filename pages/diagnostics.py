"""Diagnostics: health checks, and how to fix what fails."""

from ui import diagnostics
from ui.shell import boot, error_boundary, live, session

boot.guard("diagnostics")

drawn: list[bool] = []


def page() -> None:
    """Draw the choice of checks, the findings, and the runs that their buttons start."""
    session.history().list_active()  # raises if the history is unusable
    drawn.append(True)
    days, only = diagnostics.choose_checks()
    found = diagnostics.look_once(days)
    live.follow(lambda: diagnostics.show_findings(found(), days, only=only))


boot.show("diagnostics", page)
if not drawn:  # only an unusable run history keeps a page from being drawn
    with error_boundary.show_errors("alone"):
        diagnostics.show_alone()
