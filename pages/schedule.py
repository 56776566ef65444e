"""Schedule: its state and next ticks, the buttons that control it, and the results of its calls."""

from ui.schedule import embedded, status
from ui.shell import boot, error_boundary, live, session

boot.guard("schedule")


def page() -> None:
    """Draw the schedule of Google Cloud with its logs, or that of this machine with its runs."""
    if session.is_on_cloud():
        live.follow(show_on_cloud)
        return
    live.follow(show_on_this_machine)
    with error_boundary.show_errors("makes"):
        embedded.draw_form()


def show_on_cloud() -> None:
    """Show the schedule and each log; one that cannot be read does not hide the others."""
    with error_boundary.show_errors("schedule"):
        status.show_state()
    status.show_next_ticks()
    status.show_logs()


def show_on_this_machine() -> None:
    """Show the embedded schedule, the windows that it missed, and its runs."""
    with error_boundary.show_errors("schedule"):
        status.show_state()
        embedded.show_missed()
    status.show_next_ticks()
    with error_boundary.show_errors("attempts"):
        embedded.show_attempts()


boot.show("schedule", page)
