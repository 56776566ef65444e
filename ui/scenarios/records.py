"""The choice of an applied scenario, which the views of what is applied and of grades share."""

import streamlit as st

from core.errors import InputError
from core.operations.scenarios import Record
from ui import texts
from ui.queries import scenario_queries
from ui.shell import session, url_state
from ui.style import format as fmt
from ui.style.plain import plain

_RECORD = url_state.One[str]("record", str)


def choose_record() -> Record | None:
    """Draw the choice of an applied scenario; None, with a sentence, if none is applied."""
    found = scenario_queries.applied(session.settings())
    if not found:
        st.info(texts.APPLIED_NONE)
        return None
    names = [*found]
    _RECORD.restore(names, names[0])
    st.selectbox(
        texts.APPLIED_ONE, names, key=_RECORD.key,
        format_func=lambda name: plain(describe_record(found[name])),
    )  # fmt: skip
    return found[_RECORD.publish(names[0])]


def read_chosen() -> Record:
    """Return the chosen record.

    Raises:
        InputError: It was withdrawn meanwhile.
    """
    found = scenario_queries.applied(session.settings()).get(st.session_state.get(_RECORD.key, ""))
    if found is None:
        raise InputError(texts.APPLIED_GONE)
    return found


def describe_record(record: Record) -> str:
    """Return a record's scenario, dates, units and seed in a few words."""
    first, last = (fmt.day(day) for day in (record.request.dates[0], record.request.dates[-1]))
    return texts.APPLIED_LABEL.format(
        name=record.scenario.name, dates=first if first == last else f"{first} - {last}",
        units=fmt.number(len(record.request.units)), seed=record.request.seed,
    )  # fmt: skip
