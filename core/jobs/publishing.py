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


def generation(request: Request, folder: str, *, overwrite: bool = False) -> NewRun:
    """Write a request's files to a local output folder."""
    return NewRun(
        "generate",
        f"Generate {what(request)} into {folder}",
        {**parameters_of(request), "folder": folder, "overwrite": overwrite},
        tuple(f"{folder}/{day} {hours}" for day, hours in slices_of(request)),
    )


def upload(request: Request, *, overwrite: bool = False) -> NewRun:
    """Publish a request to the bucket, and take it to Bronze."""
    return NewRun(
        "upload",
        f"Upload {what(request)}",
        {**parameters_of(request), "overwrite": overwrite},
        claims_of(request),
    )


def do_generation(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Write the files, and the reference data beside them."""
    store = output_store(parameters["folder"])
    request = request_of(parameters, platform.catalog)
    done = publish(
        store, request, platform.catalog,
        overwrite=parameters["overwrite"], progress=telling.logged(context),
    )  # fmt: skip
    publish_reference(store, platform.catalog, max(request.units))
    return f"{telling.published(done)} in the folder {parameters['folder']}."


def do_upload(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Publish the objects, and see to it that they come to Bronze."""
    done = pipeline.upload(
        platform, request_of(parameters, platform.catalog), context.now(),
        overwrite=parameters["overwrite"], progress=telling.logged(context),
    )  # fmt: skip
    published = f"{telling.published(done.published)} in the bucket"
    if done.left_to_events:
        return f"{published}; csv-processor takes them to Bronze."
    loaded = telling.loaded(done.ingested.rows_loaded, done.ingested.rows_rejected)
    return f"{published}; {loaded}."
