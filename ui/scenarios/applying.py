"""The buttons that apply a scenario, at once or by a simulated day, each after a dialog."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from core.operations import jobs
from core.operations.scenarios import Record
from core.reconcile.compare import Verdict
from core.scenarios.scenario import Scenario
from core.storage.request import Request
from ui import texts
from ui.queries import scenario_queries, warehouse_queries
from ui.scenarios import choice, planned
from ui.shell import actions, dialogs, run_views, session
from ui.style import format as fmt
from ui.widgets import components, speed

_KINDS = ("scenario", "simulate", "release", "withdraw")


class _Subject(NamedTuple):
    """What a dialog asks about; `pause_s` separates the windows of a simulated day."""

    scenario: Scenario
    request: Request
    pause_s: float = 0.0


def draw_buttons() -> None:
    """Draw the buttons that apply the scenario, and that simulate its first date under it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        actions.button(texts.APPLY, ask_to_apply, "apply", type="primary", help=texts.APPLY_HELP)
        actions.button(texts.PLAY, ask_to_play, "play", help=texts.PLAY_HELP)
        speed.draw_speed()


def ask_to_apply() -> None:
    """Ask whether to publish the request in the fields under the scenario."""
    dialogs.ask(_confirm_apply, _Subject(choice.read_scenario(), choice.read_request()))


def ask_to_play() -> None:
    """Ask whether to simulate the request's first date under the scenario."""
    request = choice.read_request()
    day = request.on(request.dates[0])
    pause_s = speed.read_pause_s(len(day.windows))
    dialogs.ask(_confirm_play, _Subject(choice.read_scenario(), day, pause_s))


def apply() -> None:
    """Apply the scenario that the dialog names."""
    subject: _Subject = dialogs.read_subject()
    session.submit(jobs.application(Record(subject.scenario, subject.request)))


def play() -> None:
    """Simulate the date that the dialog names."""
    subject: _Subject = dialogs.read_subject()
    session.submit(jobs.simulation(subject.request, subject.pause_s, scenario=subject.scenario))


def show_progress(request: Request) -> None:
    """Show the newest run, and how the windows of the request's first date fill."""
    run_views.draw_latest(_KINDS)
    windows = warehouse_queries.day_windows(
        session.settings(), request.dates[0], warehouse_queries.minute(), len(request.units)
    )
    claims = {claim for run in session.history().list_active() for claim in run.claims}
    untouched = (one.never_generated or one.verdict is Verdict.NOT_DUE for one in windows)
    if claims or not all(untouched):
        names = {window.tag: window.name for window in request.windows}
        components.draw_window_cards(windows, names, claims)


def _confirm_apply(subject: _Subject) -> None:
    title = texts.APPLY_TITLE.format(name=subject.scenario.name)
    dialogs.show(title, _body(subject), texts.APPLY_CONFIRM, apply, "apply")


def _confirm_play(subject: _Subject) -> None:
    day = fmt.day(subject.request.dates[0])
    title = texts.PLAY_TITLE.format(day=day, name=subject.scenario.name)
    dialogs.show(title, _body(subject), texts.PLAY_CONFIRM, play, "play")


def _body(subject: _Subject) -> Callable[[], None]:
    """Say what will be written."""
    request = subject.request
    first, last = fmt.day(request.dates[0]), fmt.day(request.dates[-1])
    faults = planned.count_faults(scenario_queries.plan_of(subject.scenario, request))
    text = texts.APPLY_BODY.format(
        cells=fmt.number(choice.count_cells(request)), faults=fmt.number(faults),
        dates=first if first == last else f"{first} - {last}",
        units=fmt.number(len(request.units)), seed=request.seed,
    )  # fmt: skip
    return lambda: st.write(text)
