"""Rebuild: builds Silver, Gold and aggregations; shows their checks and the tables of Gold."""

from ui.rebuild import controls, gold, layers
from ui.shell import boot, live

boot.guard("rebuild")


def page() -> None:
    """Draw the buttons, and below them the part that follows running work."""
    controls.draw_controls()
    live.follow(show_layers)


def show_layers() -> None:
    """Show which layers are stale, the newest rebuild with its tables and checks, and Gold."""
    layers.show_states()
    layers.show_cost()
    controls.show_latest()
    layers.show_report()
    gold.show_gold()
    gold.show_lineage()


boot.show("rebuild", page)
