"""Runs that publish a request: to an output folder, or to the bucket and Bronze."""

from collections.abc import Mapping
from typing import Any

from core import pipeline
from core.jobs import telling
from core.jobs.requests import claims_of, parameters_of, request_of, slices_of, what
from core.object_store.local import output_store
from core.pipeline import Platform
from core.publish import Request, publish
from core.reference import publish_reference
from core.runner import Context
from core.runs import NewRun


def generation(
    request: Request, folder: str, *, overwrite: bool = False, force: bool = False
) -> NewRun:
    """Write a request's files to a local output folder.

    Args:
        overwrite: Replace files that exist with other bytes.
        force: Write although data of the other kind (bulk, incremental) stands there.

    Raises:
        InputError: That is not the path of a folder.
    """
    return NewRun(
        "generate",
        f"Generate {what(request)} into {folder}",
        {**parameters_of(request), "folder": folder, **_choices(overwrite, force)},
        folder_claims(request, folder),
    )


def upload(request: Request, *, overwrite: bool = False, force: bool = False) -> NewRun:
    """Publish a request to the bucket, and take it to Bronze.

    Args:
        overwrite: Replace objects that exist with other bytes.
        force: Write although data of the other kind (bulk, incremental) stands there.
    """
    return NewRun(
        "upload",
        f"Upload {what(request)}",
        {**parameters_of(request), **_choices(overwrite, force)},
        claims_of(request),
    )


def folder_claims(request: Request, folder: str) -> tuple[str, ...]:
    """What nobody else may write to an output folder meanwhile: each date and window.

    Raises:
        InputError: That is not the path of a folder.
    """
    root = output_store(folder).root
    return tuple(f"{root}/{day} {hours}" for day, hours in slices_of(request))


def do_generation(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Write the files, and the reference data beside them."""
    store = output_store(parameters["folder"])
    request = request_of(parameters, platform.catalog)
    done = publish(
        store, request, platform.catalog,
        overwrite=parameters["overwrite"], force=parameters.get("force", False),
        progress=telling.logged(context),
    )  # fmt: skip
    publish_reference(store, platform.catalog, max(request.units))
    return f"{telling.published(done)} in the folder {parameters['folder']}."


def do_upload(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Publish the objects, and see to it that they come to Bronze."""
    done = pipeline.upload(
        platform, request_of(parameters, platform.catalog), context.now(),
        overwrite=parameters["overwrite"], force=parameters.get("force", False),
        progress=telling.logged(context),
    )  # fmt: skip
    published = f"{telling.published(done.published)} in the bucket"
    if done.left_to_events:
        return f"{published}; csv-processor takes them to Bronze."
    loaded = telling.loaded(done.ingested.rows_loaded, done.ingested.rows_rejected)
    return f"{published}; {loaded}."


def _choices(overwrite: bool, force: bool) -> dict[str, bool]:  # noqa: FBT001 - named alike
    """Without `force` where it is not chosen: runs that older versions kept do not have it."""
    return {"overwrite": overwrite, **({"force": True} if force else {})}
