"""Runs that delete files which nothing requested, and what the tables have of them."""

from collections.abc import Mapping
from typing import Any

from core import browse, pipeline
from core.errors import InputError
from core.jobs import telling
from core.jobs.loading import layer_claims
from core.jobs.requests import claims_of
from core.pipeline import Platform
from core.publish import Request
from core.runner import Context
from core.runs import NewRun
from core.strays import delete_strays
from core.transform import LAYERS


def deletion(generations: Mapping[str, int]) -> NewRun:
    """Delete objects that no manifest names.

    Args:
        generations: That each of them has; in another one it stays.

    Raises:
        InputError: None is named.
    """
    if not generations:
        raise InputError("Nothing is to be deleted: name at least one file.")
    names = sorted(generations)
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    days = tuple(sorted({day for day in map(browse.day_of, names) if day}))
    claims = claims_of(Request(days, (), (1,))) if days else ()
    return NewRun(
        "delete",
        f"Delete {names[0]}{more}",
        {"objects": {name: generations[name] for name in names}},
        (*claims, *layer_claims(LAYERS)),
    )


def do_deletion(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Delete, then rebuild the layers that are built, where Bronze had rows of it.

    Raises:
        CheckError: A check failed, and a layer still shows what was deleted.
    """
    count, done = delete_strays(platform, parameters["objects"], telling.logged(context))
    built = pipeline.built_layers(platform) if done.rows else ()
    if built:
        telling.judged(pipeline.rebuild(platform, built, telling.logged(context)), context)
    layers = f"; {', '.join(layer.capitalize() for layer in built)} rebuilt" if built else ""
    stay = f" {done.stay} stay in Bronze: settle_deleted.py says why." if done.stay else ""
    return (
        f"{count} {'file' if count == 1 else 'files'} deleted, with {done.rows} rows of Bronze and "
        f"{done.reports} reports in quarantine{layers}.{stay}"
    )
