"""Schedule: its state and next ticks, the buttons that steer it, and the functions' logs."""

from ui import boot, boundary, live, schedule, session

boot.guard("schedule")


def page() -> None:
    """On Google Cloud the schedule with its logs; otherwise the ticks that it would have."""
    live.follow(on_cloud if session.on_cloud() else schedule.embedded)


def on_cloud() -> None:
    """The schedule and each log; what cannot be read leaves the others as they are."""
    with boundary.told("schedule"):
        schedule.state()
    schedule.next_ticks()
    schedule.logs()


boot.show("schedule", page)
