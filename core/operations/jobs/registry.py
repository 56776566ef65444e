"""The kinds of work by the words that the history stores, and how a stored run is retried."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from core.errors import InputError
from core.generation.catalog import Catalog
from core.messages import message
from core.operations.jobs.backfill import read_backfill
from core.operations.jobs.cleanup import read_deletion, read_removal, read_settlement
from core.operations.jobs.ingest import read_filling, read_ingestion, read_rebuild, read_reloading
from core.operations.jobs.parameters import UNREADABLE, widen_claims
from core.operations.jobs.refresh import read_refresh
from core.operations.jobs.scenarios import read_application, read_releasing, read_withdrawal
from core.operations.jobs.simulate import read_simulation
from core.operations.jobs.submit import Action, Job, submit
from core.operations.jobs.upload import read_generation, read_trial, read_upload, read_verification
from core.operations.runs import Run, RunHistory
from core.platform import Platform


class Kind(NamedTuple):
    """How a kind of work reads its action, and the names of its parameters, older ones included."""

    read: Callable[[Mapping[str, Any], Catalog], Action]
    names: frozenset[str]


_REQUEST = frozenset({"date", "dates", "windows", "units", "seed", "day_orders"})
_SCENARIO = frozenset({"scenario", "text"})
_WRITTEN = _REQUEST | {"overwrite", "force", "format"}
KINDS: Mapping[str, Kind] = {
    "generate": Kind(read_generation, _WRITTEN | {"folder"}),
    "upload": Kind(read_upload, _WRITTEN | {"task", "load"}),
    "verify": Kind(read_verification, _REQUEST | {"wait_s"}),
    "ingest": Kind(read_ingestion, frozenset()),
    "rebuild": Kind(read_rebuild, frozenset({"layers", "full"})),
    "simulate": Kind(read_simulation, _REQUEST | _SCENARIO | {"pause_s", "overwrite"}),
    "remove": Kind(read_removal, _REQUEST | {"made"}),
    "delete": Kind(read_deletion, frozenset({"objects"})),
    "settle": Kind(read_settlement, frozenset({"dates"})),
    "try": Kind(read_trial, _REQUEST),
    "fill": Kind(read_filling, _REQUEST | {"overwrite"}),
    "reload": Kind(read_reloading, _REQUEST),
    "backfill": Kind(read_backfill, _REQUEST | {"mode", "steps", "cells", "overwrite"}),
    "scenario": Kind(read_application, _REQUEST | _SCENARIO | {"overwrite"}),
    "release": Kind(read_releasing, frozenset({"everything"})),
    "withdraw": Kind(read_withdrawal, frozenset({"record"})),
    "refresh": Kind(read_refresh, frozenset({"date", "units", "gaps", "full", "airflow"})),
}


def retry(
    platform: Platform,
    history: RunHistory,
    run_id: int,
    *,
    overwrite: bool = False,
    who: str = "panel",
) -> Run:
    """Do the work of an earlier run again, as a new run; `overwrite` replaces other bytes.

    Raises:
        InputError: There is no such run, it has not ended, or this version cannot read its
            kind of work or one of its parameters.
        AlreadyRunningError: An active run works on the same.
    """
    old = history.find(run_id)
    if old is None or old.is_active or old.kind not in KINDS:
        raise InputError(message("request.cannot_retry", run=run_id))
    parameters = {**old.parameters, **({"overwrite": True} if overwrite else {})}
    action = _read(old, parameters, platform.catalog)
    job = Job(old.kind, old.title, parameters, widen_claims(old.claims), who, action=action)
    return submit(platform, history, job)


def _read(old: Run, parameters: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action of a stored run; `InputError` where this version cannot read a parameter."""
    kind = KINDS[old.kind]
    unknown = sorted(set(old.parameters) - kind.names)
    if unknown:
        raise InputError(
            message(
                "request.parameter",
                run=old.id,
                parameter=unknown[0],
                known=sorted(kind.names) or ["none"],
            )
        )
    try:
        return kind.read(parameters, catalog)
    except UNREADABLE:
        raise InputError(message("request.cannot_retry", run=old.id)) from None
