"""Rebuild: Silver, Gold and aggregations anew, their checks, and a look into Gold."""

from ui.rebuild import controls, gold, layers
from ui.shell import boot, live

boot.guard("rebuild")


def page() -> None:
    """The buttons on top; what follows them is drawn anew while something runs."""
    controls.draw_controls()
    live.follow(show_layers)


def show_layers() -> None:
    """What is stale, the newest rebuild with its tables and checks, and Gold's daily sales."""
    layers.show_states()
    layers.show_cost()
    controls.show_latest()
    layers.show_report()
    gold.show_gold()
    gold.show_lineage()


boot.show("rebuild", page)
