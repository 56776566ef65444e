"""Runs that settle what is left of deleted objects, and build the layers without it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core import pipeline
from core.generation.windows import dates_between
from core.messages import joined, message
from core.operations import leftovers
from core.operations.jobs import reporting
from core.operations.jobs.loading import layer_claims
from core.operations.jobs.parameters import claims_of, dates_of, span
from core.operations.runs import NewRun
from core.operations.runs.runner import Context
from core.pipeline import Platform
from core.storage.publish import Request
from core.transform.rebuild import LAYERS


def settlement(first: date, last: date) -> NewRun:
    """Take away what Bronze and quarantine have of deleted objects of a range of dates.

    Raises:
        InputError: The range runs backwards or is out of bounds.
    """
    days = tuple(dates_between(first, last))
    return NewRun(
        "settle",
        message("title.settle", dates=span(first, last)),
        {"dates": [first.isoformat(), last.isoformat()]},
        (*claims_of(Request(days, (), (1,))), *layer_claims(LAYERS)),
    )


def do_settlement(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Settle, then rebuild the layers that are built.

    Raises:
        CheckError: A check failed, and a layer still shows what was taken away.
    """
    first, last = dates_of(parameters)
    done = leftovers.settle(platform, (first, last), reporting.logged(context))
    built = pipeline.built_layers(platform) if done.rows else ()
    if built:
        reporting.judged(pipeline.rebuild(platform, built, reporting.logged(context)), context)
    result = message(
        "result.settle", count=done.objects, rows=done.rows, reports=done.reports
    )  # fmt: skip
    stay = message("result.settle_stay", count=done.stay) if done.stay else ""
    return joined(reporting.with_layers(result, built), stay)
