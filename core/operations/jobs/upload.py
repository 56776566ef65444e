"""Jobs that publish a request, to an output folder or to the bucket, and those that check it."""

import functools
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core import pipeline
from core.bronze.ingest import Ingested
from core.bronze.reference_data import publish_reference
from core.errors import CheckError
from core.generation.catalog import Catalog
from core.messages import join_sentences, message
from core.operations import bulk, verify_upload
from core.operations.jobs import reporting
from core.operations.jobs.parameters import claims_of, describe_request, parameters_of, request_of
from core.operations.jobs.submit import Action, Job
from core.operations.runs.runner import Context
from core.operations.workers import Workers
from core.pipeline import Uploaded
from core.platform import Platform
from core.progress import Progress
from core.storage.object_store.local import output_store
from core.storage.publish import Request, check, publish
from core.storage.shards import Format, Shard, ShardedRequest, share


def generation(
    request: Request,
    folder: str,
    *,
    overwrite: bool = False,
    force: bool = False,
    written_as: Format = Format.CSV,
) -> Job:
    """Write a request's files to a local output folder, with the reference data.

    `force` writes although data of the other kind (bulk, incremental) is there.

    Raises:
        InputError: `folder` is not the path of a folder.
    """
    plan = ShardedRequest(request, written_as, overwrite, force)
    return Job(
        "generate",
        message("title.generate", what=describe_request(request), folder=folder),
        {**parameters_of(request), "folder": folder, **_choices(plan)},
        folder_claims(request, folder, written_as),
        action=functools.partial(_generate, plan, folder),
    )


def read_generation(stored: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action in a run's parameters."""
    return functools.partial(_generate, _plan_of(stored, catalog), stored["folder"])


def upload(
    request: Request,
    *,
    overwrite: bool = False,
    force: bool = False,
    written_as: Format = Format.CSV,
    task: tuple[int, int] | None = None,
    load: bool = True,
) -> Job:
    """Publish a request to the bucket, and load it into Bronze.

    Args:
        force: Write although data of the other kind (bulk, incremental) is there.
        task: Index and number of tasks: only the shards of that task.
        load: Whether a task loads them into Bronze.
    """
    plan = ShardedRequest(request, written_as, overwrite, force)
    parameters = {**parameters_of(request), **_choices(plan)}
    if task is None:
        return Job(
            "upload", message("title.upload", what=describe_request(request)), parameters,
            claims_of(request, written_as), action=functools.partial(_upload, plan),
        )  # fmt: skip
    shards = share(plan.shards, *task)
    return Job(
        "upload",
        message("title.upload_task", what=describe_request(request), index=task[0], count=task[1]),
        {**parameters, "task": list(task), "load": load},
        tuple(claim for part in map(plan.part, shards) for claim in claims_of(part, written_as)),
        action=functools.partial(_upload_task, plan, shards, load),
    )


def read_upload(stored: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action in a run's parameters."""
    plan = _plan_of(stored, catalog)
    if "task" not in stored:
        return functools.partial(_upload, plan)
    shards = share(plan.shards, *stored["task"])
    return functools.partial(_upload_task, plan, shards, stored.get("load", True))


def trial(request: Request) -> Job:
    """Compare a request with the objects in the bucket; nothing is written."""
    return Job(
        "try", message("title.try", what=describe_request(request)), parameters_of(request), (),
        action=functools.partial(_try, request),
    )  # fmt: skip


def read_trial(stored: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action in a run's parameters."""
    return functools.partial(_try, request_of(stored, catalog))


def verification(request: Request, wait_s: float) -> Job:
    """Check whether an upload arrived, for `wait_s` seconds at most; nothing is written.

    Raises:
        InputError: `wait_s` is out of bounds.
    """
    return Job(
        "verify",
        message("title.verify", what=describe_request(request)),
        {**parameters_of(request), "wait_s": verify_upload.check_wait(wait_s)},
        tuple(f"arrival of {claim}" for claim in claims_of(request)),
        action=functools.partial(_verify, request, wait_s),
    )


def read_verification(stored: Mapping[str, Any], catalog: Catalog) -> Action:
    """The action in a run's parameters."""
    return functools.partial(_verify, request_of(stored, catalog), stored["wait_s"])


def folder_claims(
    request: Request, folder: str, written_as: Format = Format.CSV
) -> tuple[str, ...]:
    """What no other run may write to an output folder at the same time: each date and window.

    Raises:
        InputError: That is not the path of a folder.
    """
    return claims_of(request, written_as, str(output_store(folder).root))


def upload_shards(
    platform: Platform,
    plan: ShardedRequest,
    shards: Sequence[Shard],
    workers: Workers,
    now: datetime,
    tell: Progress,
    *,
    load: bool = True,
) -> Uploaded:
    """Publish shards of a plan, and load them into Bronze where `load` says so."""
    if load:
        return bulk.upload_all(platform, plan, workers, now, tell, shards)
    done = bulk.publish_all(bulk.Place(platform.settings), plan, workers, tell, shards)
    publish_reference(platform.store, platform.catalog, max(plan.request.units))
    return Uploaded(done, Ingested())


def _generate(plan: ShardedRequest, folder: str, platform: Platform, context: Context) -> str:
    store, tell = output_store(folder), reporting.log_steps(context)
    if bulk.is_large(plan):
        with Workers(1, context.check) as here:
            done = bulk.publish_all(bulk.Place(platform.settings, folder), plan, here, tell)
    else:
        done = publish(
            store, plan.request, platform.catalog,
            overwrite=plan.overwrite, force=plan.force, progress=tell,
        )  # fmt: skip
    publish_reference(store, platform.catalog, max(plan.request.units))
    return message("result.generate", published=reporting.describe_published(done), folder=folder)


def _upload(plan: ShardedRequest, platform: Platform, context: Context) -> str:
    if bulk.is_large(plan):
        return _upload_task(plan, plan.shards, True, platform, context)  # noqa: FBT003 - loads
    done = pipeline.upload(
        platform, plan.request, context.now(),
        overwrite=plan.overwrite, force=plan.force, progress=reporting.log_steps(context),
    )  # fmt: skip
    return reporting.describe_uploaded(done)


def _upload_task(
    plan: ShardedRequest,
    shards: Sequence[Shard],
    load: bool,  # noqa: FBT001 - bound by `upload`
    platform: Platform,
    context: Context,
) -> str:
    tell = reporting.log_steps(context)
    with Workers(1, context.check) as here:
        return reporting.describe_uploaded(
            upload_shards(platform, plan, shards, here, context.now(), tell, load=load)
        )


def _try(request: Request, platform: Platform, context: Context) -> str:
    """How many objects are new, there already, or of other content."""
    context.progress(0, 1, message("step.comparing"))
    plan = check(platform.store, request, platform.catalog, overwrite=True, force=False)
    context.progress(1, 1, message("step.compared"))
    same, different = len(plan.same), len(plan.different)
    new = 2 * len(request.slices) * len(request.units) - same - different
    conflict = message("result.try_conflict") if different else ""
    return join_sentences(message("result.try", new=new, same=same, different=different), conflict)


def _verify(request: Request, wait_s: float, platform: Platform, context: Context) -> str:
    found = verify_upload.verify_upload(
        platform, request, context.now(), wait_s, context.pause, context.progress
    )
    for text in found.log_texts():
        context.log(text)
    if found.outcome is verify_upload.Outcome.ARRIVED:
        return verify_upload.describe_arrival(found)
    raise CheckError(verify_upload.describe_arrival(found))


def _choices(plan: ShardedRequest) -> dict[str, bool | str]:
    """Without what is not chosen: runs that older versions stored do not have it."""
    parquet = {"format": plan.format.value} if plan.format is not Format.CSV else {}
    forced = {"force": True} if plan.force else {}
    return {"overwrite": plan.overwrite, **forced, **parquet}


def _plan_of(stored: Mapping[str, Any], catalog: Catalog) -> ShardedRequest:
    return ShardedRequest(
        request_of(stored, catalog), Format(stored.get("format", Format.CSV)),
        overwrite=stored["overwrite"], force=stored.get("force", False),
    )  # fmt: skip
