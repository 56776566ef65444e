"""The kinds of work by their names, started anew or once more."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from core.errors import InputError
from core.generation.catalog import Catalog
from core.messages import message
from core.operations.jobs.backfill import do_backfill
from core.operations.jobs.checks import do_trial, do_verification
from core.operations.jobs.ingest import do_filling, do_reloading
from core.operations.jobs.load import do_ingestion, do_rebuild
from core.operations.jobs.parameters import widen_claims, windows_of
from core.operations.jobs.refresh import do_refresh
from core.operations.jobs.remove import do_deletion, do_removal, do_settlement
from core.operations.jobs.simulate import do_simulation
from core.operations.jobs.upload import do_generation, do_upload
from core.operations.runs import NewRun, Run, RunHistory, runner
from core.operations.runs.runner import Context
from core.platform import Platform

WORK: Mapping[str, Callable[[Platform, Mapping[str, Any], Context], str]] = {
    "generate": do_generation,
    "upload": do_upload,
    "verify": do_verification,
    "ingest": do_ingestion,
    "rebuild": do_rebuild,
    "simulate": do_simulation,
    "remove": do_removal,
    "delete": do_deletion,
    "settle": do_settlement,
    "try": do_trial,
    "fill": do_filling,
    "reload": do_reloading,
    "backfill": do_backfill,
    "refresh": do_refresh,
}


_REQUEST = frozenset({"date", "dates", "windows", "units", "seed", "day_orders"})
_WRITTEN = _REQUEST | {"overwrite", "force", "format"}
# The parameters of each kind of work, those of older versions among them.
PARAMETERS: Mapping[str, frozenset[str]] = {
    "generate": _WRITTEN | {"folder"},
    "upload": _WRITTEN | {"task", "load"},
    "verify": _REQUEST | {"wait_s"},
    "ingest": frozenset(),
    "rebuild": frozenset({"layers", "full"}),
    "simulate": _REQUEST | {"pause_s", "overwrite"},
    "remove": _REQUEST | {"made"},
    "delete": frozenset({"objects"}),
    "settle": frozenset({"dates"}),
    "try": _REQUEST,
    "fill": _REQUEST | {"overwrite"},
    "reload": _REQUEST,
    "backfill": _REQUEST | {"mode", "steps", "cells", "overwrite"},
    "refresh": frozenset({"date", "units", "gaps", "full", "airflow"}),
}


def work_of(platform: Platform, new: NewRun) -> runner.Work:
    """What a new run is to do."""
    return functools.partial(WORK[new.kind], platform, new.parameters)


def start(platform: Platform, history: RunHistory, new: NewRun) -> Run:
    """Do a new run in the background.

    Raises:
        AlreadyRunningError: An active run works on the same.
    """
    return runner.start(history, new, work_of(platform, new))


def run(platform: Platform, history: RunHistory, new: NewRun) -> Run:
    """Do a new run here and now; it is given as it ended, whether it succeeded or not.

    Raises:
        AlreadyRunningError: An active run works on the same.
    """
    return runner.run(history, new, work_of(platform, new))


def retry(
    platform: Platform,
    history: RunHistory,
    run_id: int,
    *,
    overwrite: bool = False,
    who: str = "panel",
) -> Run:
    """Do the work of an earlier run again, in a run of its own.

    Args:
        overwrite: Replace objects that exist with other bytes, this time.
        who: Who starts it this time.

    Raises:
        InputError: There is no such run, it has not ended, or its kind of work or one of its
            parameters is unknown.
        AlreadyRunningError: An active run works on the same.
    """
    old = history.find(run_id)
    if old is None or old.active or old.kind not in WORK:
        raise InputError(message("request.cannot_retry", run=run_id))
    _check_parameters(old, platform.catalog)
    parameters = {**old.parameters, **({"overwrite": True} if overwrite else {})}
    new = NewRun(old.kind, old.title, parameters, widen_claims(old.claims), who)
    return start(platform, history, new)


def _check_parameters(old: Run, catalog: Catalog) -> None:
    """Refuse to guess what a run was: one of another version may have more to it.

    Raises:
        InputError: A parameter is unknown, or a window is not in the catalog.
    """
    unknown = sorted(set(old.parameters) - PARAMETERS[old.kind])
    if unknown:
        raise InputError(
            message(
                "request.parameter",
                run=old.id,
                parameter=unknown[0],
                known=sorted(PARAMETERS[old.kind]) or ["none"],
            )
        )
    windows_of(old.parameters.get("windows", ()), catalog)
