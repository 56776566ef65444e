"""Runs that publish a request: to an output folder, or to the bucket and Bronze."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import pipeline
from core.bronze.ingest import Ingested
from core.bronze.reference_data import publish_reference
from core.generation.catalog import Catalog
from core.messages import join_sentences, message
from core.operations import bulk
from core.operations.jobs import reporting
from core.operations.jobs.parameters import claims_of, parameters_of, request_of, what
from core.operations.runs import NewRun
from core.operations.runs.runner import Context
from core.operations.workers import Workers
from core.pipeline import Uploaded
from core.platform import Platform
from core.progress import Progress
from core.storage.object_store.local import output_store
from core.storage.publish import Request, publish
from core.storage.shards import Format, ShardedRequest, share


def generation(
    request: Request,
    folder: str,
    *,
    overwrite: bool = False,
    force: bool = False,
    written_as: Format = Format.CSV,
) -> NewRun:
    """Write a request's files to a local output folder.

    Args:
        overwrite: Replace files that exist with other bytes.
        force: Write although data of the other kind (bulk, incremental) stands there.
        written_as: CSV files, or Parquet files of whole dates.

    Raises:
        InputError: That is not the path of a folder.
    """
    return NewRun(
        "generate",
        message("title.generate", what=what(request), folder=folder),
        {**parameters_of(request), "folder": folder, **_choices(overwrite, force, written_as)},
        folder_claims(request, folder, written_as),
    )


def upload(
    request: Request,
    *,
    overwrite: bool = False,
    force: bool = False,
    written_as: Format = Format.CSV,
    task: tuple[int, int] | None = None,
    load: bool = True,
) -> NewRun:
    """Publish a request to the bucket, and take it to Bronze.

    Args:
        overwrite: Replace objects that exist with other bytes.
        force: Write although data of the other kind (bulk, incremental) stands there.
        written_as: CSV files, or Parquet files of whole dates.
        task: Only the shards of one task of so many.
        load: Whether it is taken to Bronze.
    """
    parameters = {**parameters_of(request), **_choices(overwrite, force, written_as)}
    if task is None:
        claims = claims_of(request, written_as)
        return NewRun("upload", message("title.upload", what=what(request)), parameters, claims)
    plan = ShardedRequest(request, written_as, overwrite, force)
    parameters |= {"task": list(task), "load": load}
    parts = map(plan.part, share(plan.shards, *task))
    claims = tuple(claim for part in parts for claim in claims_of(part, written_as))
    title = message("title.upload_task", what=what(request), index=task[0], count=task[1])
    return NewRun("upload", title, parameters, claims)


def folder_claims(
    request: Request, folder: str, written_as: Format = Format.CSV
) -> tuple[str, ...]:
    """What no other run may write to an output folder meanwhile: each date and window.

    Raises:
        InputError: That is not the path of a folder.
    """
    return claims_of(request, written_as, str(output_store(folder).root))


def do_generation(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Write the files, and the reference data beside them."""
    folder, plan = parameters["folder"], plan_of(parameters, platform.catalog)
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
    return message("result.generate", published=reporting.published(done), folder=folder)


def do_upload(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Publish the objects, and see to it that they come to Bronze."""
    plan, tell = plan_of(parameters, platform.catalog), reporting.log_steps(context)
    if bulk.is_large(plan) or "task" in parameters:
        with Workers(1, context.check) as here:
            done = upload_task(platform, parameters, here, context.now(), tell)
    else:
        done = pipeline.upload(
            platform, plan.request, context.now(),
            overwrite=plan.overwrite, force=plan.force, progress=tell,
        )  # fmt: skip
    published = reporting.published(done.published)
    if done.left_to_events:
        return message("result.upload_events", published=published)
    loaded = reporting.loaded(done.ingested.rows_loaded, done.ingested.rows_rejected)
    result = message("result.upload", published=published, loaded=loaded)
    return join_sentences(result, reporting.left_sentence(done.ingested.left))


def upload_task(
    platform: Platform,
    parameters: Mapping[str, Any],
    workers: Workers,
    now: datetime,
    tell: Progress,
) -> Uploaded:
    """Publish the shards of an upload, or of one task of it, and load them where that is asked."""
    plan = plan_of(parameters, platform.catalog)
    shards = share(plan.shards, *parameters.get("task", (0, 1)))
    if parameters.get("load", True):
        return bulk.upload_all(platform, plan, workers, now, tell, shards)
    place = bulk.Place(platform.settings)
    done = bulk.publish_all(place, plan, workers, tell, shards)
    publish_reference(platform.store, platform.catalog, max(plan.request.units))
    return Uploaded(done, Ingested())


def plan_of(parameters: Mapping[str, Any], catalog: Catalog) -> ShardedRequest:
    """The request in a run's parameters, and how it is written.

    Raises:
        InputError: A part of it is not possible.
    """
    return ShardedRequest(
        request_of(parameters, catalog), Format(parameters.get("format", Format.CSV)),
        overwrite=parameters["overwrite"], force=parameters.get("force", False),
    )  # fmt: skip


def _choices(overwrite: bool, force: bool, written_as: Format) -> dict[str, bool | str]:  # noqa: FBT001 - named alike
    """Without what is not chosen: runs that older versions kept do not have it."""
    parquet = {"format": written_as.value} if written_as is not Format.CSV else {}
    return {"overwrite": overwrite, **({"force": True} if force else {}), **parquet}
