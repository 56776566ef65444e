"""The live part of Overview: what failed, the key figures, the windows and the growth of a day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from core import jobs
from core.catalog import load_catalog
from core.questions import DayFigures, LayerState
from core.reconcile import WindowSummary
from ui import charts, data, parts, runs, session, texts, theme
from ui import format as fmt


def of_day(day: date, units: int) -> None:
    """Failures first, then the figures, the simulation's state, windows and growth."""
    settings = session.settings()
    runs.failures()
    windows = data.day_windows(settings, day, data.minute(), units)
    _figures(data.day_figures(settings, day), windows, data.layers(settings))
    _simulation(day)
    st.subheader(texts.WINDOWS_OF.format(day=day), anchor=False)
    names = {window.tag: window.name for window in load_catalog().windows}
    parts.window_cards(windows, names)
    if not any(summary.bronze_orders for summary in windows):
        st.info(texts.EMPTY_DAY)
    _growth(day, windows)


def _figures(
    figures: DayFigures, windows: Sequence[WindowSummary], layers: Sequence[LayerState]
) -> None:
    expected_orders = sum(window.expected_orders for window in windows)
    expected_items = sum(window.expected_items for window in windows)
    mean = figures.revenue / figures.orders if figures.orders else Decimal(0)
    newest = layers[0].newest
    with st.container(horizontal=True, key="key_figures"):
        _metric(texts.FIGURE_ORDERS, fmt.number(figures.orders),
                texts.OF_EXPECTED.format(expected=fmt.number(expected_orders)))  # fmt: skip
        _metric(texts.FIGURE_ITEMS, fmt.number(figures.items),
                texts.OF_EXPECTED.format(expected=fmt.number(expected_items)))  # fmt: skip
        _metric(texts.FIGURE_REVENUE, fmt.money(figures.revenue),
                texts.PER_ORDER.format(value=fmt.money(mean)))  # fmt: skip
        _metric(texts.FIGURE_FRESH, fmt.age(newest, session.now()) if newest else texts.NEVER,
                _freshness(layers))  # fmt: skip


def _metric(label: str, value: str, note: str) -> None:
    with st.container(border=True, width=parts.FIGURE_CARD_PX, height="stretch", gap="xxsmall"):
        st.metric(label, value)
        st.caption(note)


def _freshness(layers: Sequence[LayerState]) -> str:
    if not any(state.built for state in layers[1:]):
        return texts.NO_LAYERS
    behind = [texts.LAYER_NAMES[state.layer] for state in layers if state.behind]
    if behind:
        return texts.LAYERS_BEHIND.format(layers=", ".join(behind))
    return texts.LAYERS_CURRENT


def _simulation(day: date) -> None:
    """How far a simulation is, or how this day's ended; failures stand above already."""
    run = next(iter(session.history().recent(1, ["simulate"])), None)
    of_day = run and day in jobs.dates_of(run.parameters)
    if run and (run.active or (of_day and run.result)):
        runs.draw(run)


def _growth(day: date, windows: Sequence[WindowSummary]) -> None:
    st.subheader(texts.GROWTH, anchor=False)
    alt = texts.ALT_GROWTH.format(
        table=texts.TABLES["orders"], day=day,
        actual=sum(window.bronze_orders for window in windows),
        expected=sum(window.expected_orders for window in windows),
    )  # fmt: skip
    parts.chart(
        charts.growth(windows, "orders", theme.palette()), "growth_chart", alt,
        parts.windows_table(windows, "orders"),
    )  # fmt: skip
