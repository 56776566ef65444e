"""Rows that fail a check, each with its object and a button that loads the object again."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.generation.catalog import load_catalog
from core.generation.windows import place_of_tag
from core.operations.jobs.ingest import reloading
from core.storage.object_names import SalesName, parse_sales_name
from ui import texts
from ui.queries import bucket_queries
from ui.shell import actions, session
from ui.style.shared_charts import name_hours

_MOST_BUTTONS = 3


def show_failing_rows(sample: Sequence[Mapping[str, Any]], key: str) -> None:
    """Show the rows with units and windows, and a button for each of the first objects."""
    orders = tuple(sorted({str(row["order_id"]) for row in sample if row.get("order_id")}))
    files = bucket_queries.files_of(session.settings(), orders) if orders else {}
    names = {order: parse_sales_name(file) for order, file in files.items()}
    frame = pd.DataFrame(sample).astype(str)
    if any(names.values()):
        found = [names.get(str(row.get("order_id"))) for row in sample]
        frame.insert(0, texts.UNIT, [f"{name.unit_id:03d}" if name else "" for name in found])
        frame.insert(1, texts.WINDOW, [_when(name) if name else "" for name in found])
    st.dataframe(frame, hide_index=True)
    with st.container(horizontal=True):
        for file in list(dict.fromkeys(files.values()))[:_MOST_BUTTONS]:
            name = parse_sales_name(file)
            if name:
                label = texts.INGEST_AGAIN.format(unit=f"{name.unit_id:03d}", window=_when(name))
                actions.button(label, reload_cell, f"again_{key}_{file}", of=file)


def reload_cell(object_name: str) -> None:
    """Load an object again, with the other object of its cell."""
    name = parse_sales_name(object_name)
    if name:
        session.submit(
            reloading(place_of_tag(name.day, name.window_tag, load_catalog()), [name.unit_id])
        )


def _when(name: SalesName) -> str:
    return f"{name.day} {name_hours(name.window_tag)}"
