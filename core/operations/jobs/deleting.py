"""Runs that delete files which nothing requested, and what the tables have of them."""

from collections.abc import Mapping
from typing import Any

from core import pipeline
from core.errors import InputError
from core.insight import bucket
from core.messages import joined, message
from core.operations.jobs import reporting
from core.operations.jobs.loading import layer_claims
from core.operations.jobs.parameters import claims_of
from core.operations.runs import NewRun
from core.operations.runs.runner import Context
from core.operations.strays import delete_strays
from core.pipeline import Platform
from core.storage.publish import Request
from core.transform.rebuild import LAYERS


def deletion(generations: Mapping[str, int]) -> NewRun:
    """Delete objects that no manifest names.

    Args:
        generations: That each of them has; in another one it stays.

    Raises:
        InputError: None is named.
    """
    if not generations:
        raise InputError(message("request.nothing_to_delete"))
    names = sorted(generations)
    title = message("title.delete", name=names[0])
    if len(names) > 1:
        title = message("title.delete_many", count=len(names), name=names[0])
    days = tuple(sorted({day for day in map(bucket.day_of, names) if day}))
    claims = claims_of(Request(days, (), (1,))) if days else ()
    return NewRun(
        "delete",
        title,
        {"objects": {name: generations[name] for name in names}},
        (*claims, *layer_claims(LAYERS)),
    )


def do_deletion(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Delete, then rebuild the layers that are built, where Bronze had rows of it.

    Raises:
        CheckError: A check failed, and a layer still shows what was deleted.
    """
    count, done = delete_strays(platform, parameters["objects"], reporting.logged(context))
    built = pipeline.built_layers(platform) if done.rows else ()
    if built:
        reporting.judged(pipeline.rebuild(platform, built, reporting.logged(context)), context)
    result = message("result.delete", count=count, rows=done.rows, reports=done.reports)
    stay = message("result.settle_stay", count=done.stay) if done.stay else ""
    return joined(reporting.with_layers(result, built), stay)
