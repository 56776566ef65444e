"""The parts of Rebuild about layers: their states, and a rebuild's tables and checks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.insight.layer_figures import LayerState
from core.operations.runs import Run
from core.transform.rebuild import LAYERS
from core.transform.staleness import WHY_FULL
from ui import texts
from ui.queries import warehouse_queries
from ui.rebuild import failing_rows
from ui.shell import session
from ui.style import format as fmt
from ui.style import theme
from ui.style.plain import plain
from ui.style.sentences import sentence
from ui.widgets import components

KINDS = ("rebuild", "simulate", "refresh")  # runs that rebuild layers
_RUNS_SEEN = 30


def show_states() -> None:
    """Show of each layer whether it is built and up to date, and how many orders it has."""
    found = warehouse_queries.layers(session.settings())
    if not found[0].orders:
        st.info(texts.EMPTY_WAREHOUSE)
    with st.container(horizontal=True, key="layer_cards"):
        newest = _newest(session.history().list_recent(_RUNS_SEEN, KINDS))
        refused = {layer["layer"] for layer in newest if _failing(layer)}
        for state in found:
            with st.container(
                border=True, width=components.FIGURE_CARD_PX, height="stretch", gap="xsmall"
            ):
                _card(state, refused=state.layer in refused)


def _card(state: LayerState, *, refused: bool) -> None:
    label, colour = judge_layer(state)
    if refused:
        label, colour = texts.NOT_REBUILT, "red"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{texts.LAYER_NAMES[state.layer]}**", width="content")
        st.badge(plain(label), color=colour)
    st.markdown(texts.ORDERS_IN.format(count=fmt.number(state.orders)))
    if state.behind and state.built:
        st.caption(plain(_why(state)))
    elif state.newest:
        st.caption(texts.NEWEST.format(when=fmt.moment(state.newest)))


def judge_layer(state: LayerState) -> tuple[str, theme.Colour]:
    """Say whether a layer is built and up to date, with the badge's colour."""
    if state.layer == "bronze":
        return texts.SOURCE, "gray"
    if not state.built:
        return name_state(texts.NOT_BUILT, state.layer), "gray"
    if state.behind:
        return name_state(texts.BEHIND, state.layer), "orange"
    return name_state(texts.UP_TO_DATE, state.layer), "green"


def name_state(text: str, layer: str) -> str:
    """Phrase a layer's state so that it agrees with the layer's name."""
    return text.format(count=fmt.number(2 if layer == "aggregations" else 1))


def _why(state: LayerState) -> str:
    since = state.objects_since
    if since is None:
        return plain(texts.BEHIND_UNKNOWN)
    if since == 0:
        return plain(texts.BEHIND_REPLACED)
    text = texts.BEHIND_BY if since > 0 else texts.BEHIND_REMOVED
    return text.format(count=fmt.number(abs(since)))


def show_cost() -> None:
    """Show how much a rebuild would read, on Google Cloud, which bills it."""
    if not session.is_on_cloud():
        return
    settings = session.settings()
    read, in_full = (warehouse_queries.rebuild_bytes(settings, full=full) for full in (False, True))
    if read is not None and in_full is not None:
        st.caption(texts.WOULD_READ.format(bytes=fmt.size(read), full=fmt.size(in_full)))


def show_report() -> None:
    """Show the tables before and after, and the checks, of each layer's newest rebuild."""
    layers = _newest(session.history().list_recent(_RUNS_SEEN, KINDS))
    if not layers:
        st.caption(texts.NO_REBUILD)
        return
    st.caption("  \n".join(plain(_dates(layer)) for layer in layers if "dates" in layer))
    if all(layer.get("dates") == [] and not _failing(layer) for layer in layers):
        st.info(texts.NOTHING_CHANGED)
    left, right = st.columns([4, 5], gap="medium")
    with left:
        st.subheader(texts.TABLES_BUILT, anchor=False)
        components.draw_table(_tables(layers))
    with right:
        st.subheader(texts.CHECKS, anchor=False)
        components.draw_table(_checks(layers))
    for layer in layers:
        for check in _failing(layer):
            with st.expander(texts.FAILING.format(sentence=check["sentence"]), expanded=True):
                failing_rows.show_failing_rows(check["sample"], f"{layer['layer']}_{check['name']}")


def _newest(runs: Iterable[Run]) -> list[Mapping[str, Any]]:
    """Return the newest report of each layer, in order; Airflow's tasks build one layer each."""
    found: dict[str, Mapping[str, Any]] = {}
    for run in runs:
        for layer in run.details.get("layers", ()):
            found.setdefault(layer["layer"], layer)
    return [found[layer] for layer in LAYERS if layer in found]


def _failing(layer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the checks of a layer that found rows; any such check prevents publication."""
    return [check for check in layer["checks"] if check["failing_rows"]]


def _dates(layer: Mapping[str, Any]) -> str:
    """Say how many business dates of a layer were built, or why all or none were."""
    name, failing = texts.LAYER_NAMES[layer["layer"]], _failing(layer)
    if failing:
        return plain(texts.NOT_PUBLISHED.format(layer=name, count=fmt.number(len(failing))))
    if layer["dates"] is None:
        return plain(texts.DATES_ALL.format(layer=name, why=WHY_FULL[layer["why_full"]]))
    return plain(texts.DATES_BUILT.format(layer=name, count=fmt.number(len(layer["dates"]))))


def _tables(layers: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    rows = [
        (session.table_name(table["name"]), table["rows_before"], table["rows_after"],
         table["rows_after"] - table["rows_before"])
        for layer in layers
        for table in layer["tables"]
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(texts.TABLE_COLUMNS))


def _checks(layers: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    rows = [
        (texts.FAILED if check["failing_rows"] else texts.PASSED, sentence(check["sentence"]),
         check["failing_rows"], texts.LAYER_NAMES[layer["layer"]])
        for layer in layers
        for check in layer["checks"]
    ]  # fmt: skip
    rows.sort(key=lambda row: -row[2])
    return pd.DataFrame(rows, columns=list(texts.CHECK_COLUMNS))
