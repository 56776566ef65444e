"""Scenarios: plan faults, publish them, and grade a pipeline against the answer key."""

from ui.scenarios import applied, applying, choice, grading, key_table, planned
from ui.shell import boot, error_boundary, live

boot.guard("scenarios")


def page() -> None:
    """Draw one view: the plan of a scenario, what is applied, or the grade of findings."""
    view = choice.choose_view()
    if view == "applied":
        live.follow(applied.show_applied)
    elif view == "grade":
        with error_boundary.show_errors("grade"):
            grading.show_grades()
    else:
        draw_plan()


def draw_plan() -> None:
    """Draw the choice of a scenario and of sales, what applies it, its plan and its key."""
    choice.draw_fields()
    with error_boundary.show_errors("plan"):
        scenario = choice.read_scenario()
        choice.show_file(scenario)
        request = choice.read_request()
        applying.draw_buttons()
        live.follow(lambda: applying.show_progress(request))
        planned.show_plan(scenario, request)
        key_table.show_key(scenario, request)


boot.show("scenarios", page)
