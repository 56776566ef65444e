"""Jobs that load what the bucket has, build layers, or repair a window: write or load it again."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from core import pipeline
from core.errors import InputError
from core.generation.catalog import Catalog
from core.generation.windows import WindowOfDay
from core.messages import Message, join_sentences, message
from core.operations import repair
from core.operations.jobs import reporting
from core.operations.jobs.parameters import cell_parameters, cells_of, claims_of, describe_hours
from core.operations.jobs.submit import Action, Job
from core.operations.runs.runner import Context
from core.platform import Platform
from core.storage.object_names import SALES_FILES, SalesName, sales_name
from core.storage.publish import Request
from core.transform.rebuild import LAYERS


def ingestion() -> Job:
    """Load into Bronze every object of the bucket that is not there yet."""
    claims = ("the bucket's pending objects",)
    return Job("ingest", message("title.ingest"), {}, claims, action=_ingest)


def rebuild(layers: Sequence[str], *, full: bool = False) -> Job:
    """Build layers: all dates if `full`, otherwise those that changed.

    Raises:
        InputError: A layer is unknown, or none is named.
    """
    chosen = [layer for layer in LAYERS if layer in layers]
    if not chosen or set(layers) - set(LAYERS):
        raise InputError(message("request.layers", given=list(layers), layers=LAYERS))
    code = "title.rebuild_whole" if full else "title.rebuild"
    return Job(
        "rebuild",
        message(code, layers=reporting.layer_names(chosen)),
        {"layers": chosen, **({"full": True} if full else {})},
        layer_claims(chosen),
        action=functools.partial(_rebuild, chosen, full),
    )


def filling(at: WindowOfDay, units: Sequence[int], *, overwrite: bool = False) -> Job:
    """Write and load objects as the window's manifest has them; `overwrite` replaces other bytes.

    Raises:
        InputError: No unit is named.
    """
    cells = Request((at.day,), at.windows, tuple(units))
    code = "title.write_again" if overwrite else "title.fill"
    return Job(
        "fill",
        message(code, what=_what(cells)),
        {**cell_parameters(cells), "overwrite": overwrite},
        claims_of(cells),
        action=functools.partial(_fill, cells, overwrite),
    )


def reloading(at: WindowOfDay, units: Sequence[int]) -> Job:
    """Load the objects of units of a window again; the new rows replace those in Bronze.

    Raises:
        InputError: No unit is named.
    """
    cells = Request((at.day,), at.windows, tuple(units))
    return Job(
        "reload", message("title.reload", what=_what(cells)), cell_parameters(cells),
        claims_of(cells), action=functools.partial(_reload, cells),
    )  # fmt: skip


def read_ingestion(_: Mapping[str, Any], __: Catalog) -> Action:
    """The action in a run's parameters, of which there are none."""
    return _ingest


def read_rebuild(stored: Mapping[str, Any], _: Catalog) -> Action:
    """The action in a run's parameters."""
    return functools.partial(_rebuild, stored["layers"], stored.get("full", False))


def read_filling(stored: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action in a run's parameters."""
    return functools.partial(_fill, Request(*cells_of(stored, catalog)), stored["overwrite"])


def read_reloading(stored: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action in a run's parameters."""
    return functools.partial(_reload, Request(*cells_of(stored, catalog)))


def layer_claims(layers: Sequence[str]) -> tuple[str, ...]:
    """What no other run may build at the same time."""
    return tuple(f"the {layer} layer" for layer in layers)


def _ingest(platform: Platform, context: Context) -> str:
    done = pipeline.ingest_pending(platform, context.now(), progress=reporting.log_steps(context))
    left = reporting.describe_unread(done.left)
    if not done.objects:
        if left:
            return join_sentences(message("result.nothing_loaded"), left)
        return message("result.nothing_pending")
    loaded = reporting.describe_loaded(done.rows_loaded, done.rows_rejected)
    return join_sentences(message("result.ingest", count=done.objects, loaded=loaded), left)


def _rebuild(
    layers: Sequence[str],
    full: bool,  # noqa: FBT001 - bound by `rebuild`
    platform: Platform,
    context: Context,
) -> str:
    reports = pipeline.rebuild(platform, layers, reporting.log_steps(context), full=full)
    return reporting.require_passed(reports, context)


def _fill(
    cells: Request,
    overwrite: bool,  # noqa: FBT001 - bound by `filling`
    platform: Platform,
    context: Context,
) -> str:
    (at,) = cells.slices
    done = repair.write_units(
        platform, at, cells.units, context.now(),
        overwrite=overwrite, progress=reporting.log_steps(context),
    )  # fmt: skip
    loaded = reporting.describe_loaded(done.ingested.rows_loaded, done.ingested.rows_rejected)
    left = reporting.describe_unread(done.ingested.left)
    published = reporting.describe_published(done.published)
    return join_sentences(message("result.upload", published=published, loaded=loaded), left)


def _reload(cells: Request, platform: Platform, context: Context) -> str:
    (at,) = cells.slices
    names = [
        sales_name(SalesName(kind, at.day, unit, at.tag))
        for unit in cells.units
        for kind in reversed(SALES_FILES)  # items first, as everywhere
    ]
    done = repair.load_again(platform, names, context.now(), reporting.log_steps(context))
    loaded = reporting.describe_loaded(done.rows_loaded, done.rows_rejected)
    result = message("result.reload", count=done.objects, loaded=loaded)
    return join_sentences(result, reporting.describe_unread(done.left))


def _what(cells: Request) -> Message:
    units, count = cells.units, len(cells.units)
    named = (
        message("words.unit", unit=units[0]) if count == 1 else message("words.units", count=count)
    )
    return message(
        "words.cells", day=cells.dates[0], hours=describe_hours(cells.windows), units=named
    )
