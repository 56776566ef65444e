"""Jobs that apply a scenario to the bucket, release what it holds, and withdraw it."""

import functools
from collections.abc import Mapping
from typing import Any

from core.generation.catalog import Catalog
from core.messages import join_sentences, message
from core.operations import scenarios
from core.operations.jobs import reporting
from core.operations.jobs.parameters import claims_of, describe_request, parameters_of, request_of
from core.operations.jobs.submit import Action, Job
from core.operations.runs.runner import Context
from core.operations.scenarios import Applied, Record, Released
from core.platform import Platform
from core.scenarios.scenario import read_scenario

_HELD = "the held objects"


def application(record: Record, *, overwrite: bool = False) -> Job:
    """Publish the request of a record under its scenario, and load it into Bronze.

    `overwrite` replaces objects that exist with other bytes, and deletes withheld ones.
    """
    request = record.request
    return Job(
        "scenario",
        message(
            "title.scenario", scenario=record.scenario.name, what=describe_request(request)
        ),
        {**parameters_of(request), **scenario_parameters(record), "overwrite": overwrite},
        claims_of(request),
        action=functools.partial(_apply, record, overwrite),
    )  # fmt: skip


def read_application(stored: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action in a run's parameters."""
    return functools.partial(_apply, record_of(stored, catalog), stored["overwrite"])


def releasing(*, everything: bool = False) -> Job:
    """Publish the held objects whose moment has come, or `everything`, and load them."""
    return Job(
        "release",
        message("title.release_all" if everything else "title.release"),
        {"everything": everything},
        (_HELD,),
        action=functools.partial(_release, everything),
    )


def read_releasing(stored: Mapping[str, Any], _: Catalog) -> Action:
    """The action in a run's parameters."""
    return functools.partial(_release, stored["everything"])


def withdrawal(record: Record) -> Job:
    """Publish the request of a record clean, and take away all else that its scenario made."""
    return Job(
        "withdraw",
        message(
            "title.withdraw", scenario=record.scenario.name, what=describe_request(record.request)
        ),
        {"record": record.name},
        (*claims_of(record.request), _HELD),
        action=functools.partial(_withdraw, record.name),
    )


def read_withdrawal(stored: Mapping[str, Any], _: Catalog) -> Action:
    """The action in a run's parameters."""
    return functools.partial(_withdraw, str(stored["record"]))


def scenario_parameters(record: Record) -> dict[str, str]:
    """A scenario as a run stores it: its name and the text of its file."""
    return {"scenario": record.scenario.name, "text": record.scenario.text}


def record_of(stored: Mapping[str, Any], catalog: Catalog) -> Record:
    """The scenario and the request in a run's parameters.

    Raises:
        InputError: This version cannot read the scenario, or the request is not possible.
    """
    scenario = read_scenario(stored["text"], stored["scenario"])
    return Record(scenario, request_of(stored, catalog))


def describe_held(done: Applied) -> str:
    """How many objects are held back; empty where none is."""
    return message("result.held", count=done.held) if done.held else ""


def describe_released(done: Released) -> str:
    """What was released; empty where no moment had come."""
    if not done.objects:
        return ""
    result = message("result.release", count=done.objects)
    late = message("result.release_late", count=done.late) if done.late else ""
    return join_sentences(result, late)


def _apply(
    record: Record,
    overwrite: bool,  # noqa: FBT001 - bound by `application`
    platform: Platform,
    context: Context,
) -> str:
    context.details["record"] = record.name
    done = scenarios.apply(
        platform, record, context.now(),
        overwrite=overwrite, progress=reporting.log_steps(context),
    )  # fmt: skip
    return join_sentences(reporting.describe_uploaded(done.uploaded), describe_held(done))


def _release(
    everything: bool,  # noqa: FBT001 - bound by `releasing`
    platform: Platform,
    context: Context,
) -> str:
    done = scenarios.release(
        platform, context.now(), everything=everything, progress=reporting.log_steps(context)
    )
    return describe_released(done) or message("result.release_none")


def _withdraw(name: str, platform: Platform, context: Context) -> str:
    record = scenarios.get_record(platform.store, name, platform.catalog)
    if record is None:
        return message("result.withdrawn_before")
    done = scenarios.withdraw(platform, record, context.now(), reporting.log_steps(context))
    return message(
        "result.withdraw", published=reporting.describe_published(done.published),
        deleted=done.deleted,
    )  # fmt: skip
