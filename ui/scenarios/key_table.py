"""The key of a scenario: a table, and downloads as CSV and JSON, unless keys are hidden."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.scenarios.key import KeyEntry, key_csv, key_json
from core.scenarios.scenario import Scenario
from core.storage.request import Request
from ui import texts
from ui.queries import scenario_queries
from ui.scenarios import choice, records
from ui.shell import actions, session
from ui.style import format as fmt
from ui.widgets import components, paging

_KEY, _OF_RECORD = "answer_key", "_key_of_record"


def show_key(scenario: Scenario, request: Request, *, of_record: bool = False) -> None:
    """Show the key of a scenario and a request, which is made when the viewer opens it.

    Args:
        of_record: Whether they are those of the chosen record, and not those in the fields.
    """
    if session.settings().hide_keys:
        st.caption(texts.KEY_HIDDEN)
        return
    with st.expander(texts.KEY, key=_KEY, on_change="rerun") as expander:
        if expander.open:  # else it is not needed
            _show_table(scenario, request)
            st.session_state[_OF_RECORD] = of_record
            _draw_downloads(scenario.name)


def _show_table(scenario: Scenario, request: Request) -> None:
    entries = scenario_queries.key_of(scenario, request)
    st.caption(texts.KEY_NOTE)
    rows = [
        (one.kind, one.object, one.line or None, one.id, one.column, one.was, one.is_,
         fmt.in_table(one.appears), texts.SCENARIO_LAYERS[one.layer])
        for one in paging.take_page(entries, "key_page")
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(texts.KEY_COLUMNS))
    components.draw_table(frame.astype({texts.KEY_COLUMNS[2]: "Int64"}))


def _draw_downloads(name: str) -> None:
    with st.container(horizontal=True):
        actions.download(
            texts.KEY_CSV, read_key, make_csv, "key_csv", file_name=f"{name}-key.csv",
            mime="text/csv",
        )  # fmt: skip
        actions.download(
            texts.KEY_JSON, read_key, make_json, "key_json",
            file_name=f"{name}-key.json", mime="application/json",
        )  # fmt: skip


def read_key() -> Sequence[KeyEntry]:
    """Return the key that the page shows: that of the chosen record, or of the fields.

    Raises:
        InputError: Keys are hidden, or the fields are not valid.
    """
    if session.settings().hide_keys:
        raise InputError(texts.KEY_REFUSED)
    if st.session_state[_OF_RECORD]:
        record = records.read_chosen()
        return scenario_queries.key_of(record.scenario, record.request)
    return scenario_queries.key_of(choice.read_scenario(), choice.read_request())


def make_csv(entries: Sequence[KeyEntry]) -> bytes:
    """Return a key as CSV."""
    return key_csv(entries).encode()


def make_json(entries: Sequence[KeyEntry]) -> bytes:
    """Return a key as JSON."""
    return key_json(entries).encode()
