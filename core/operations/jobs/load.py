"""Runs that take what the bucket has into the tables: pending objects, then layers."""

from collections.abc import Mapping, Sequence
from typing import Any

from core import pipeline
from core.errors import InputError
from core.messages import join_sentences, message
from core.operations.jobs import reporting
from core.operations.runs import NewRun
from core.operations.runs.runner import Context
from core.platform import Platform
from core.transform.rebuild import LAYERS


def ingestion() -> NewRun:
    """Take everything to Bronze that is in the bucket and not there yet."""
    return NewRun("ingest", message("title.ingest"), {}, ("the bucket's pending objects",))


def rebuild(layers: Sequence[str], *, full: bool = False) -> NewRun:
    """Build layers anew.

    Args:
        full: All dates, not only those that changed.

    Raises:
        InputError: A layer is unknown, or none is named.
    """
    chosen = [layer for layer in LAYERS if layer in layers]
    if not chosen or set(layers) - set(LAYERS):
        raise InputError(message("request.layers", given=list(layers), layers=LAYERS))
    parameters = {"layers": chosen, **({"full": True} if full else {})}
    code = "title.rebuild_whole" if full else "title.rebuild"
    title = message(code, layers=reporting.layer_names(chosen))
    return NewRun("rebuild", title, parameters, layer_claims(chosen))


def layer_claims(layers: Sequence[str]) -> tuple[str, ...]:
    """What nobody else may rebuild meanwhile."""
    return tuple(f"the {layer} layer" for layer in layers)


def do_ingestion(platform: Platform, _: Mapping[str, Any], context: Context) -> str:
    """Ingest what is pending."""
    done = pipeline.ingest_pending(platform, context.now(), progress=reporting.log_steps(context))
    left = reporting.left_sentence(done.left)
    if not done.objects:
        if left:
            return join_sentences(message("result.nothing_loaded"), left)
        return message("result.nothing_pending")
    loaded = reporting.loaded(done.rows_loaded, done.rows_rejected)
    return join_sentences(message("result.ingest", count=done.objects, loaded=loaded), left)


def do_rebuild(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Build the layers.

    Raises:
        CheckError: A check failed.
    """
    full = parameters.get("full", False)  # runs of older versions do not have it
    tell = reporting.log_steps(context)
    reports = pipeline.rebuild(platform, parameters["layers"], tell, full=full)
    return reporting.require_passed(reports, context)
