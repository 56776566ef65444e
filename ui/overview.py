"""The live part of Overview: failures, key figures, windows and growth of a day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from core.generation.catalog import load_catalog
from core.insight.layer_figures import DayFigures, LayerState
from core.operations import jobs
from core.reconcile.compare import WindowSummary
from ui import texts
from ui.queries import warehouse_queries
from ui.rebuild import layers
from ui.schedule import status
from ui.shell import actions, run_views, session
from ui.style import format as fmt
from ui.style import relative_time, shared_charts, theme
from ui.style.plain import plain
from ui.widgets import components, day_kind

_SPARK_DAYS = 14  # in the charts under the key figures


def show_day(day: date, units: int) -> None:
    """Show failures, the kind of day, figures, the simulation's state, windows and growth."""
    settings = session.settings()
    run_views.draw_failures()
    day_kind.show_kind_of_day(day, load_catalog().windows, units, None)
    windows = warehouse_queries.day_windows(settings, day, warehouse_queries.minute(), units)
    states = warehouse_queries.layers(settings)
    _figures(warehouse_queries.recent_days(settings, day, _SPARK_DAYS), windows, states)
    _standing(states)
    _simulation(day)
    st.subheader(texts.WINDOWS_OF.format(day=fmt.day(day)), anchor=False)
    names = {window.tag: window.name for window in load_catalog().windows}
    claims = {claim for run in session.history().list_active() for claim in run.claims}
    components.draw_window_cards(windows, names, claims)
    if not any(summary.bronze_orders for summary in windows):
        st.info(texts.EMPTY_DAY)
    _growth(day, windows)


def _figures(
    days: Sequence[DayFigures], windows: Sequence[WindowSummary], states: Sequence[LayerState]
) -> None:
    """Show the day's figures, each with a chart of the days up to it."""
    today = days[-1]
    expected_orders = sum(window.expected_orders for window in windows)
    expected_items = sum(window.expected_items for window in windows)
    mean = today.revenue / today.orders if today.orders else Decimal(0)
    newest = states[0].newest
    with st.container(horizontal=True, key="key_figures"):
        _metric(texts.FIGURE_ORDERS, fmt.number(today.orders),
                texts.OF_EXPECTED.format(expected=fmt.number(expected_orders)),
                [day.orders for day in days])  # fmt: skip
        _metric(texts.FIGURE_ITEMS, fmt.number(today.items),
                texts.OF_EXPECTED.format(expected=fmt.number(expected_items)),
                [day.items for day in days])  # fmt: skip
        _metric(texts.FIGURE_REVENUE, fmt.money(today.revenue),
                texts.PER_ORDER.format(value=fmt.money(mean)),
                [float(day.revenue) for day in days])  # fmt: skip
        fresh = relative_time.age(newest, session.now()) if newest else texts.NEVER
        _metric(texts.FIGURE_FRESH, fresh,
                fmt.moment(newest) if newest else "",
                [summary.bronze_orders for summary in windows], texts.OVER_WINDOWS)  # fmt: skip


def _metric(
    label: str, value: str, note: str, line: Sequence[float], of_line: str = ""
) -> None:  # fmt: skip
    shown = [*line] if any(line) else None
    about = of_line or texts.OVER_DAYS.format(count=fmt.number(len(line)))
    components.draw_figure_card(
        label, value, note, chart_data=shown, chart_type="area",
        help=plain(about) if shown else None,
    )  # fmt: skip


def _standing(states: Sequence[LayerState]) -> None:
    """Show whether each layer is up to date with Bronze, and when the schedule runs next."""
    claims = {claim for run in session.history().list_active() for claim in run.claims}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="standing"):
        for state in states[1:]:
            label, colour = layers.judge_layer(state)
            if state.behind and f"the {state.layer} layer" in claims:
                label, colour = layers.name_state(texts.WILL_BE_REBUILT, state.layer), "blue"
            name = texts.LAYER_NAMES[state.layer]
            st.badge(texts.LAYER_STATE.format(layer=name, state=label), color=colour)
        status.show_brief()


def _simulation(day: date) -> None:
    """Show the progress of a simulation, or how this day's ended; `show_day` has shown failures."""
    run = next(iter(session.history().list_recent(1, ["simulate", "remove"])), None)
    of_day = run and jobs.dates_of(run.parameters) == (day,)
    if not run or not (run.is_active or (of_day and run.result)):
        return
    run_views.draw_by_age(run)
    if run.kind == "simulate" and not run.is_active and any(run.details.get("made", {}).values()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link("pages/rebuild.py", label=texts.SEE_IN_GOLD)
            actions.button(texts.REMOVE, run_views.ask_remove, "remove", of=run.id, type="tertiary",
                           help=texts.REMOVE_HELP)  # fmt: skip


def _growth(day: date, windows: Sequence[WindowSummary]) -> None:
    st.subheader(texts.GROWTH, anchor=False)
    alt = texts.ALT_GROWTH.format(
        table=texts.TABLES["orders"], day=fmt.day(day),
        actual=fmt.number(sum(window.bronze_orders for window in windows)),
        expected=fmt.number(sum(window.expected_orders for window in windows)),
    )  # fmt: skip
    components.draw_chart(
        shared_charts.draw_growth(windows, "orders", theme.palette()), "growth_chart", alt,
        components.windows_table(windows, "orders"),
    )  # fmt: skip
