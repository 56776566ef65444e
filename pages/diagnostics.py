"""Diagnostics: health checks, and how to fix what fails."""

from ui import diagnostics
from ui.shell import boot, error_boundary, live

boot.guard("diagnostics")

drawn: list[bool] = []


def page() -> None:
    """What to look at on top; what was found below, with the runs that its buttons start."""
    drawn.append(True)
    days, only = diagnostics.choose_checks()
    looked = diagnostics.look_once(days)
    live.follow(lambda: diagnostics.show_findings(looked(), days, only=only))


boot.show("diagnostics", page)
if not drawn:  # nothing but a history that cannot be used keeps a page from being drawn
    with error_boundary.show_errors("alone"):
        diagnostics.show_alone()
