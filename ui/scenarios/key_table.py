"""The key of a scenario: a table, and downloads as CSV and JSON, unless keys are hidden."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.scenarios.key import key_csv, key_json
from core.scenarios.key_entry import KeyEntry
from core.scenarios.scenario import Scenario
from core.storage.request import Request
from ui import texts
from ui.queries import scenario_queries
from ui.scenarios import choice, records
from ui.shell import actions, session
from ui.style import format as fmt
from ui.widgets import components, paging


def show_key(scenario: Scenario, request: Request, record: str = "") -> None:
    """Show the key of a scenario and a request; `record` names the record of an applied one."""
    if session.settings().hide_keys:
        st.caption(texts.KEY_HIDDEN)
        return
    entries = scenario_queries.key_of(scenario, request)
    st.caption(texts.KEY_NOTE)
    rows = [
        (one.kind, one.object, one.line or None, one.id, one.column, one.was, one.is_,
         fmt.in_table(one.appears), texts.SCENARIO_LAYERS[one.layer])
        for one in paging.take_page(entries, "key_page")
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(texts.KEY_COLUMNS))
    components.draw_table(frame.astype({texts.KEY_COLUMNS[2]: "Int64"}))
    with st.container(horizontal=True):
        for label, make, end in ((texts.KEY_CSV, make_csv, "csv"), (texts.KEY_JSON, make_json, "json")):
            actions.download(
                label, read_key, make, f"key_{end}", of=record, file_name=f"{scenario.name}-key.{end}",
                mime="text/csv" if end == "csv" else "application/json",
            )  # fmt: skip


def read_key(record: str) -> Sequence[KeyEntry]:
    """Return the key of an applied scenario, or of that in the fields if `record` is empty.

    Raises:
        InputError: Keys are hidden, or the fields are not valid.
    """
    if session.settings().hide_keys:
        raise InputError(texts.KEY_REFUSED)
    if not record:
        return scenario_queries.key_of(choice.read_scenario(), choice.read_request())
    return records.key_of(records.read_chosen())


def make_csv(entries: Sequence[KeyEntry]) -> bytes:
    """Return a key as CSV."""
    return key_csv(entries).encode()


def make_json(entries: Sequence[KeyEntry]) -> bytes:
    """Return a key as JSON."""
    return key_json(entries).encode()
