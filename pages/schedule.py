"""Schedule: its state and next ticks, the buttons that steer it, and what became of its calls."""

from ui import boot, boundary, live, schedule, schedule_here, session

boot.guard("schedule")


def page() -> None:
    """The schedule of Google Cloud with its logs, or that of this machine with its runs."""
    if session.on_cloud():
        live.follow(on_cloud)
        return
    live.follow(on_this_machine)
    with boundary.told("makes"):
        schedule_here.form()


def on_cloud() -> None:
    """The schedule and each log; what cannot be read leaves the others as they are."""
    with boundary.told("schedule"):
        schedule.state()
    schedule.next_ticks()
    schedule.logs()


def on_this_machine() -> None:
    """The same of the embedded schedule, with the windows that it missed."""
    with boundary.told("schedule"):
        schedule.state()
        schedule_here.missed()
    schedule.next_ticks()
    with boundary.told("attempts"):
        schedule_here.attempts()


boot.show("schedule", page)
