"""Scenarios: faults on demand, with their key, and the grade of who found them."""

from ui.scenarios import choice, planned
from ui.shell import boot, error_boundary, live

boot.guard("scenarios")


def page() -> None:
    """Draw one view: the plan of a scenario, what is applied, or the grade of findings."""
    view = choice.choose_view()
    draw_plan()


def draw_plan() -> None:
    """Draw the choice of a scenario and of sales, the buttons that apply it, and its plan."""
    choice.draw_fields()
    with error_boundary.show_errors("plan"):
        scenario, request = choice.read_scenario(), choice.read_request()
        planned.show_plan(scenario, request)


boot.show("scenarios", page)
