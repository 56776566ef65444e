"""The repairs of the window or unit selected on Bronze, as buttons and as commands."""

import shlex
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from core.errors import InputError
from core.generation.catalog import Window, load_catalog
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import WindowOfDay, place_of_tag
from core.operations import jobs, repair
from core.reconcile.compare import ObjectVerdict, Verdict
from core.storage.object_names import PARQUET_TAG, cell_prefix
from core.storage.publish import Request
from core.warehouse.base import SALES_TABLES
from ui import texts
from ui.bronze import status_map
from ui.bronze.status_map import Selection
from ui.queries import bucket_queries
from ui.shell import actions, dialogs, session
from ui.style import format as fmt
from ui.style.plain import plain
from ui.style.shared_charts import name_hours
from ui.widgets import deletion

KINDS = ("ingest", "fill", "reload", *deletion.KINDS)
_SCRIPT = "python scripts/generate_incremental_sales.py"
_INGEST = "python scripts/ingest_pending.py"
_COMMANDS = 10


class _Place(NamedTuple):
    at: WindowOfDay
    units: tuple[int, ...]


def draw_buttons(chosen: Selection) -> None:
    """Draw the buttons that apply to the selection."""
    if chosen.tag == PARQUET_TAG:
        st.caption(texts.MEND_PARQUET)
        return
    found = repair.find_remedies(chosen.lines)
    again = _to_reload(chosen.lines)
    with st.container(horizontal=True, key="mend"):
        if found.fill:
            actions.button(texts.MEND_FILL.format(units=_units(found.fill)), fill, "fill",
                           type="primary", help=texts.MEND_FILL_HELP)  # fmt: skip
        if found.rewrite:
            actions.button(texts.MEND_REWRITE.format(units=_units(found.rewrite)), ask_rewrite,
                           "rewrite", help=texts.MEND_REWRITE_HELP)  # fmt: skip
        if again:
            actions.button(texts.MEND_RELOAD.format(units=_units(again)), reload, "reload",
                           help=texts.MEND_RELOAD_HELP)  # fmt: skip
        if found.delete:
            label = texts.DELETE_FILES.format(count=fmt.number(len(found.delete)))
            actions.button(label, ask_delete, "delete", help=texts.DELETE_HELP)
    if found.mixed:
        st.warning(texts.MEND_MIXED.format(units=", ".join(f"{unit:03d}" for unit in found.mixed)))
    if found.fill or found.rewrite or again:
        with st.expander(texts.MEND_COMMAND):
            _commands(_at(chosen), found, again)
    elif not (found.mixed or found.delete):
        st.caption(texts.MEND_NOTHING)


def fill() -> None:
    """Write the selection's missing objects."""
    chosen = status_map.read_selection()
    session.submit(jobs.filling(*_place(chosen, repair.find_remedies(chosen.lines).fill)))


def ask_rewrite() -> None:
    """Ask whether to write the selection's objects again."""
    chosen = status_map.read_selection()
    dialogs.ask(_confirm, _place(chosen, repair.find_remedies(chosen.lines).rewrite))


def ask_delete() -> None:
    """Ask whether to delete the selection's files that no manifest names."""
    deletion.ask_to_delete(repair.find_remedies(status_map.read_selection().lines).delete)


def rewrite() -> None:
    """Write again the objects that the dialog names."""
    session.submit(jobs.filling(*dialogs.read_subject(), overwrite=True))


def reload() -> None:
    """Load the selection's objects again."""
    chosen = status_map.read_selection()
    session.submit(jobs.reloading(*_place(chosen, _to_reload(chosen.lines))))


def _place(chosen: Selection, units: tuple[int, ...]) -> _Place:
    """Return units of the selection's window; raise `InputError` if there are none."""
    if not units:
        raise InputError(texts.MEND_NOTHING)
    return _Place(_at(chosen), units)


def _at(chosen: Selection) -> WindowOfDay:
    return place_of_tag(chosen.day, chosen.tag, load_catalog())


def _to_reload(lines: Sequence[ObjectVerdict]) -> tuple[int, ...]:
    """Return the units whose objects can be loaded again: those with a fault, or else all."""
    names = set(repair.find_remedies(lines).reload)
    there = [line for line in lines if line.name in names]
    odd = {line.unit_id for line in there if line.verdict is not Verdict.IN_BRONZE}
    return tuple(sorted(odd or {line.unit_id for line in there}))


def _units(units: Sequence[int]) -> str:
    if len(units) == 1:
        return texts.MEND_ONE_UNIT.format(unit=f"{units[0]:03d}")
    return texts.MEND_UNITS.format(count=fmt.number(len(units)))


def _confirm(place: _Place) -> None:
    def body() -> None:
        hours = name_hours(place.at.tag)
        st.write(f"**{plain(fmt.day(place.at.day))} {plain(hours)}, {plain(_units(place.units))}**")
        st.write(texts.MEND_REWRITE_BODY)

    count = fmt.number(len(SALES_TABLES) * len(place.units))
    title = texts.MEND_REWRITE_TITLE.format(count=count)
    dialogs.show(title, body, texts.OVERWRITE_CONFIRM, rewrite, "rewrite")


def _commands(at: WindowOfDay, found: repair.Remedies, again: Sequence[int]) -> None:
    lines: list[str] = []
    if at.window:  # the bulk command makes a range of days, never one unit
        for units, overwrite in ((found.fill, False), (found.rewrite, True)):
            asked_for = bucket_queries.requests(session.settings(), at, units) if units else []
            lines += [_upload(request, at.window, overwrite=overwrite) for request in asked_for]
    lines += [_again(cell_prefix(at.day, unit, at.tag)) for unit in again]
    shown = lines[:_COMMANDS]
    if again and not session.is_on_cloud():
        shown.append(_INGEST)
    st.code("\n".join(shown), language=None, wrap_lines=True)
    left = len(lines) - _COMMANDS
    note = texts.MEND_COMMAND_NOTE
    st.caption(
        f"{note} {texts.MEND_MORE_COMMANDS.format(count=fmt.number(left))}" if left > 0 else note
    )


def _upload(request: Request, window: Window, *, overwrite: bool) -> str:
    start, end = window.hours.split("-")
    seed = f" --seed {request.seed}" if request.seed != DEFAULT_SEED else ""
    return (
        f"{_SCRIPT} --window-start {start} --window-end {end} --date {request.dates[0]} "
        f"--units {max(request.units)}{seed} --upload{' --overwrite' if overwrite else ''}"
    )


def _again(folder: str) -> str:
    """Return the command that gives a unit's objects a new generation."""
    settings = session.settings()
    if settings.cloud:
        place = f"gs://{settings.cloud.bucket}/{folder}"
        return f"gcloud storage cp '{place}*.csv' '{place}'"
    return f"touch {shlex.quote(str(settings.bucket_folder / folder))}/*.csv"
