"""The choice of a view, of a scenario, and of the sales that it spoils."""

from datetime import timedelta

import streamlit as st

from core.errors import InputError
from core.generation.catalog import DEFAULT_UNITS, load_catalog
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import LAST_DATE, dates_between
from core.scenarios.scenario import Scenario, list_names, load_scenario
from core.storage.request import Request
from ui import texts
from ui.scenarios import composer
from ui.shell import language, session, url_state
from ui.style import format as fmt
from ui.style.plain import plain
from ui.widgets import components
from ui.widgets.fields import MAX_SEED, Whole

MOST_CELLS = 20_000  # whose plan takes a few seconds
_COMPOSED = "compose"
_VIEW = url_state.One[str]("view", str)
_SCENARIO = url_state.One[str]("scenario", str)
_DATES = Whole("dates", 1, 31, 7)
_UNITS = Whole("units", 1, components.MAX_UNITS, DEFAULT_UNITS)
_SEED = Whole("seed", 0, MAX_SEED, DEFAULT_SEED)
_USUAL = "a-clean-week"


def choose_view() -> str:
    """Draw the choice of a view, and return its name."""
    views = [*texts.SCENARIO_VIEWS]
    _VIEW.restore(views, views[0])
    st.segmented_control(
        texts.SCENARIO_VIEW, views, required=True, key=_VIEW.key, label_visibility="collapsed",
        format_func=texts.SCENARIO_VIEWS.__getitem__,
    )  # fmt: skip
    return _VIEW.publish(views[0])


def draw_fields() -> None:
    """Draw the fields for the scenario and for date, days, units and seed."""
    names = [*list_names(session.settings().scenarios_folder), _COMPOSED]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _SCENARIO.restore(names, _USUAL)
        st.selectbox(
            texts.SCENARIO, names, key=_SCENARIO.key, width=260,
            format_func=lambda name: texts.SCENARIO_COMPOSE if name == _COMPOSED else plain(name),
        )  # fmt: skip
        chosen = _SCENARIO.publish(_USUAL)
        components.draw_day()
        _DATES.draw(texts.SCENARIO_DAYS, width=140)
        _UNITS.draw(texts.UNITS, width=140)
        _SEED.draw(texts.SEED, help=texts.SEED_HELP, width=160)
    if chosen == _COMPOSED:
        composer.draw_composer()


def show_file(scenario: Scenario) -> None:
    """Show what the chosen scenario says; the composer shows its own file."""
    if st.session_state[_SCENARIO.key] == _COMPOSED:
        return
    st.markdown(f"**{plain(sentence_of(scenario))}**")
    with st.expander(texts.SCENARIO_FILE):
        st.code(scenario.text, language="toml")


def read_scenario() -> Scenario:
    """Return the scenario that is chosen or composed; raises `InputError` if it is not valid."""
    chosen = st.session_state[_SCENARIO.key]
    return composer.read_composed() if chosen == _COMPOSED else _load(chosen)


def read_request() -> Request:
    """Return the request in the fields: all windows of its dates.

    Raises:
        InputError: A value is not valid, or the request is too large for the page.
    """
    day = components.read_day()
    last = min(day + timedelta(days=_DATES.value(texts.SCENARIO_DAYS) - 1), LAST_DATE)
    units = tuple(range(1, _UNITS.value(texts.UNITS) + 1))
    windows = load_catalog().windows
    found = Request(tuple(dates_between(day, last)), windows, units, _SEED.value(texts.SEED))
    cells = count_cells(found)
    if cells > MOST_CELLS:
        raise InputError(
            texts.SCENARIO_TOO_LARGE.format(count=fmt.number(cells), most=fmt.number(MOST_CELLS))
        )
    return found


def count_cells(request: Request) -> int:
    """Return the number of pairs of files of a request."""
    return len(request.slices) * len(request.units)


def sentence_of(scenario: Scenario) -> str:
    """Return what a scenario is, in the viewer's language."""
    return scenario.sentence if language.current() == "en" else scenario.sentence_pt


def _load(name: str) -> Scenario:
    return load_scenario(name, session.settings().scenarios_folder)
