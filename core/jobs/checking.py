"""Runs that see whether an upload arrived."""

from collections.abc import Mapping
from typing import Any

from core import arrival
from core.errors import CheckError
from core.jobs.requests import claims_of, parameters_of, request_of, what
from core.messages import message
from core.pipeline import Platform
from core.publish import Request
from core.runner import Context
from core.runs import NewRun


def verification(request: Request, wait_s: float) -> NewRun:
    """See whether an upload arrived, waiting that many seconds at most."""
    return NewRun(
        "verify",
        message("title.verify", what=what(request)),
        {**parameters_of(request), "wait_s": arrival.check_wait(wait_s)},
        tuple(f"arrival of {claim}" for claim in claims_of(request)),
    )


def do_verification(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Wait for the upload.

    Raises:
        CheckError: It did not arrive, or not as it was made.
    """
    asked, wait_s = request_of(parameters, platform.catalog), parameters["wait_s"]
    found = arrival.verify(platform, asked, context.now(), wait_s, context.pause, context.progress)
    for text in found.log_texts():
        context.log(text)
    if found.outcome is arrival.Outcome.ARRIVED:
        return arrival.sentence(found)
    raise CheckError(arrival.sentence(found))
