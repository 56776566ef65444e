"""Runs that see whether an upload arrived."""

from collections.abc import Mapping
from typing import Any

from core.errors import CheckError
from core.messages import message
from core.operations import verify_upload
from core.operations.jobs.parameters import claims_of, parameters_of, request_of, what
from core.operations.runs import NewRun
from core.operations.runs.runner import Context
from core.pipeline import Platform
from core.storage.publish import Request


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
