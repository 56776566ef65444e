"""Rebuild: Silver, Gold and aggregations anew, their checks, and a look into Gold."""

from ui import boot, gold, layers, live, refresh

boot.guard("rebuild")


def page() -> None:
    """The buttons on top; what follows them is drawn anew while something runs."""
    refresh.control()
    live.follow(built)


def built() -> None:
    """What is stale, the newest rebuild with its tables and checks, and Gold's daily sales."""
    layers.states()
    layers.cost()
    refresh.latest()
    layers.report()
    gold.look()
    gold.lineage()


boot.show("rebuild", page)
