"""Rebuild: Silver, Gold and aggregations anew, their checks, and a look into Gold."""

from ui.rebuild import controls, gold, layers
from ui.shell import boot, live

boot.guard("rebuild")


def page() -> None:
    """The buttons on top; what follows them is drawn anew while something runs."""
    controls.control()
    live.follow(built)


def built() -> None:
    """What is stale, the newest rebuild with its tables and checks, and Gold's daily sales."""
    layers.states()
    layers.cost()
    controls.latest()
    layers.report()
    gold.look()
    gold.lineage()


boot.show("rebuild", page)
