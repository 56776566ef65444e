"""Runs that write nothing: the dry run of an upload, and whether an upload arrived."""

from collections.abc import Mapping
from typing import Any

from core.errors import CheckError
from core.messages import join_sentences, message
from core.operations import verify_upload
from core.operations.jobs.parameters import claims_of, parameters_of, request_of, what
from core.operations.runs import NewRun
from core.operations.runs.runner import Context
from core.platform import Platform
from core.storage.publish import Request, check


def verification(request: Request, wait_s: float) -> NewRun:
    """See whether an upload arrived, waiting that many seconds at most."""
    return NewRun(
        "verify",
        message("title.verify", what=what(request)),
        {**parameters_of(request), "wait_s": verify_upload.check_wait(wait_s)},
        tuple(f"arrival of {claim}" for claim in claims_of(request)),
    )


def do_verification(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Wait for the upload.

    Raises:
        CheckError: It did not arrive, or not as it was made.
    """
    asked, wait_s = request_of(parameters, platform.catalog), parameters["wait_s"]
    found = verify_upload.verify(
        platform, asked, context.now(), wait_s, context.pause, context.progress
    )
    for text in found.log_texts():
        context.log(text)
    if found.outcome is verify_upload.Outcome.ARRIVED:
        return verify_upload.sentence(found)
    raise CheckError(verify_upload.sentence(found))


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
    return join_sentences(message("result.try", new=new, same=same, different=different), conflict)
