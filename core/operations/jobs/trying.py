"""Runs that say what an upload would do, and write nothing."""

from collections.abc import Mapping
from typing import Any

from core.messages import joined, message
from core.operations.jobs.parameters import parameters_of, request_of, what
from core.operations.runs import NewRun
from core.operations.runs.runner import Context
from core.pipeline import Platform
from core.storage.publish import Request, check


def trial(request: Request) -> NewRun:
    """Compare a request with what is in the bucket."""
    return NewRun("try", message("title.try", what=what(request)), parameters_of(request), ())


def do_trial(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Compare, and say how many objects are new, there already, or of other content.

    Raises:
        MixError: Data of the other kind (bulk, incremental) stands there.
    """
    request = request_of(parameters, platform.catalog)
    context.progress(0, 1, message("step.comparing"))
    plan = check(platform.store, request, platform.catalog, overwrite=True, force=False)
    context.progress(1, 1, message("step.compared"))
    same, different = len(plan.same), len(plan.different)
    new = 2 * len(request.slices) * len(request.units) - same - different
    conflict = message("result.try_conflict") if different else ""
    return joined(message("result.try", new=new, same=same, different=different), conflict)
