"""Runs that met other data under the same names: which data that is, and what to do."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from core.errors import InputError, PlatformError
from core.generation.catalog import load_catalog
from core.insight.preview import preview
from core.operations import jobs
from core.operations.runs import Run
from core.settings import Settings
from core.storage.manifest import read_manifest
from core.storage.object_names import manifest_name
from core.storage.object_store import StoredObject
from core.storage.publish import Request
from ui import texts
from ui.shell import actions, session, url_state
from ui.shell.answer_cache import cached, open_platform
from ui.style import format as fmt
from ui.style.plain import plain

ERROR = "ConflictError"
_KINDS = ("upload", "simulate")  # kinds whose existing data manifests describe
_KEPT_S = 60.0
_MOST_SLICES = 31  # a manifest per slice is read


class Conflict(NamedTuple):
    """Data that a run met: its seeds, its orders, and the orders that the run would write."""

    request: Request
    seeds: tuple[int, ...]
    there: int
    instead: int


def find_conflict(run: Run) -> Conflict | None:
    """Find the data that a run met; None if it met none, or no manifest describes it."""
    if run.error_type != ERROR or run.kind not in _KINDS:
        return None
    try:
        request = jobs.request_of(run.parameters, load_catalog())
    except InputError:
        return None  # from another version of the catalog
    if len(request.slices) > _MOST_SLICES:
        return None
    try:
        return _found(session.settings(), request)
    except PlatformError:  # too large, or unreadable now: the page shows the run's error
        return None


@cached(_KEPT_S, 16)
def _found(settings: Settings, request: Request) -> Conflict | None:
    """Read the conflicting data from the manifests of a request's windows."""
    store = open_platform(settings).store
    names = [manifest_name(at.day, at.tag) for at in request.slices]
    try:
        read = [
            read_manifest(stored.name, stored.data)
            for stored in store.read_all(names)
            if isinstance(stored, StoredObject)
        ]
    except InputError:
        return None
    units = frozenset(request.units)
    cells = [cell for manifest in read for unit, cell in manifest.cells.items() if unit in units]
    seeds = {cell.seed for cell in cells}
    if not seeds or seeds == {request.seed}:
        return None
    there = sum(cell.orders.rows for cell in cells)
    instead = preview(request, load_catalog()).total.orders
    return Conflict(request, tuple(sorted(seeds)), there, instead)


def describe_conflict(run: Run, found: Conflict) -> str:
    """Say which data exists, and that the run wrote nothing."""
    return texts.CONFLICT.format(
        title=run.title, count=fmt.number(found.there), seeds=", ".join(map(str, found.seeds)),
    )  # fmt: skip


def label_replacement(run: Run) -> str:
    """Return the label of the button that replaces the data; empty if the data is unknown."""
    found = find_conflict(run)
    if not found:
        return ""
    return texts.CONFLICT_REPLACE.format(
        count=fmt.number(found.there), instead=fmt.number(found.instead)
    )


def draw_seed_button(
    run: Run, found: Conflict, place: str, use_seed: Callable[[int], None] | None
) -> None:
    """Draw the button that puts the data's seed into the page's field, or a link to Generate."""
    if len(found.seeds) > 1:
        return
    (seed,) = found.seeds
    label = texts.USE_SEED.format(seed=seed)
    if use_seed:
        actions.button(label, use_seed, f"use_seed_{place}_{run.id}", of=seed)
        return
    request = found.request
    st.page_link(
        "pages/generate.py", label=plain(label),
        query_params=[
            ("day", request.dates[0].isoformat()), ("dates", str(len(request.dates))),
            *(("window", url_state.window_name(window.tag)) for window in request.windows),
            ("units", str(max(request.units))), ("seed", str(seed)),
        ],
    )  # fmt: skip
