"""Scenarios: faults on demand, with their key, and the grade of who found them."""

from ui.scenarios import choice, key_table, planned
from ui.shell import boot, error_boundary

boot.guard("scenarios")


def page() -> None:
    """Draw the choice of a scenario and of sales, and its plan."""
    choice.draw_fields()
    with error_boundary.show_errors("plan"):
        scenario, request = choice.read_scenario(), choice.read_request()
        planned.show_plan(scenario, request)
        key_table.show_key(scenario, request)


boot.show("scenarios", page)
