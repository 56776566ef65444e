"""What the scripts that generate share: the request to the output folder, then to the bucket."""

import argparse
import contextlib
import dataclasses
import os
import sys
from typing import TYPE_CHECKING

from _cli import Bar, describe_ingested, now, open_platform, record_run, say

from core.bronze.reference_data import publish_reference
from core.errors import AlreadyRunningError, StoreError, TransientError
from core.generation.catalog import load_catalog
from core.messages import Message, join_sentences, message
from core.progress import Progress
from core.settings import Settings
from core.storage.object_store.local import LocalStore, output_store
from core.storage.publish import Published, Request, check, publish

if TYPE_CHECKING:
    from _parallel import ShardWriter

    from core.operations.runs import NewRun
    from core.operations.runs.runner import Context
    from core.pipeline import Uploaded
    from core.platform import Platform


def write_request(
    request: Request,
    args: argparse.Namespace,
    *,
    reference: bool,
    writer: "ShardWriter | None" = None,
) -> int:
    """Write a request's files and, with `--upload`, its objects; say what that was.

    Conflicts in the folder or the bucket are found before either is written.

    It is a run of the history: no other run writes the same windows at the same time. Without
    `--upload` that needs the platform's folder (`MRHEALTH_HOME`) to exist and to be writable; files
    are also generated without a platform, and none is made for them.

    Args:
        reference: Whether the output folder gets the reference files, too.
        writer: Writes it shard by shard; without it, this process writes it as a whole.
    """
    store = output_store(args.output_dir)
    platform = open_platform() if args.upload else None
    targets = [platform.store, store] if platform else [store]
    with contextlib.ExitStack() as ready, Bar() as bar:
        for target in targets:
            ready.enter_context(target.session())
        context, note = _enter_run(ready, request, args, writer)
        tell = _progress(context, bar)
        if writer:
            published, uploaded = writer.write(args.output_dir, platform, now, tell)
        else:
            published, uploaded = _write_whole(request, args, store, platform, tell)
        if reference:
            publish_reference(store, load_catalog(), args.units)
        folder = "parquet_sales" if writer and writer.plan.format == "parquet" else "csv_sales"
        say(describe_published(published, f"{store.root}/{folder}"), context)
        if platform and uploaded:
            _say_uploaded(platform, uploaded, context)
    if note:
        print(f"note: this is not in the history of runs. {note}", file=sys.stderr)
    return 0


def _write_whole(
    request: Request,
    args: argparse.Namespace,
    store: LocalStore,
    platform: "Platform | None",
    tell: Progress,
) -> tuple[Published, "Uploaded | None"]:
    """Check both places, then write the folder, then the bucket."""
    catalog = load_catalog()
    choices = {"overwrite": args.overwrite, "force": args.force}
    for target in [platform.store, store] if platform else [store]:
        check(target, request, catalog, **choices)
    published = publish(store, request, catalog, **choices, progress=tell)
    if platform is None:
        return published, None
    from core.pipeline import upload

    return published, upload(platform, request, now(), **choices, progress=tell)


def _say_uploaded(platform: "Platform", uploaded: "Uploaded", context: "Context | None") -> None:
    from core.operations.jobs import describe_unread

    say(describe_published(uploaded.published, f"bucket {platform.store.bucket!r}"), context)
    if uploaded.left_to_events:
        say(message("script.left_to_events"), context)
    else:
        left = describe_unread(uploaded.ingested.left)
        say(join_sentences(describe_ingested(uploaded.ingested), left), context)


def _enter_run(
    ready: contextlib.ExitStack,
    request: Request,
    args: argparse.Namespace,
    writer: "ShardWriter | None",
) -> tuple["Context | None", str]:
    """The run in the history, until `ready` ends; or None, and the reason to print."""
    if args.upload:
        return ready.enter_context(record_run(_upload_run(request, args, writer))), ""
    home = Settings.from_mapping({"MRHEALTH_HOME": os.environ.get("MRHEALTH_HOME", "")}).home
    if not home.is_dir():
        return None, ""
    try:
        return ready.enter_context(record_run(_generation_run(request, args, writer), home)), ""
    except AlreadyRunningError:
        raise
    except (StoreError, TransientError) as error:
        return None, str(error)


def _generation_run(
    request: Request, args: argparse.Namespace, writer: "ShardWriter | None"
) -> "NewRun":
    from core.operations.jobs import generation
    from core.storage.shards import Format

    return generation(
        request, str(output_store(args.output_dir).root),
        overwrite=args.overwrite, force=args.force,
        written_as=writer.plan.format if writer else Format.CSV,
    )  # fmt: skip


def _upload_run(
    request: Request, args: argparse.Namespace, writer: "ShardWriter | None"
) -> "NewRun":
    """The run of an upload, which writes to the output folder, too."""
    from core.operations.jobs import folder_claims, upload
    from core.storage.shards import Format

    written_as = writer.plan.format if writer else Format.CSV
    new = upload(request, overwrite=args.overwrite, force=args.force, written_as=written_as)
    claims = (*new.claims, *folder_claims(request, args.output_dir, written_as))
    return dataclasses.replace(new, claims=claims)


def _progress(context: "Context | None", bar: Bar) -> Progress:
    if context is None:
        return bar
    from core.operations.jobs import log_steps

    context.also = bar
    return log_steps(context)


def describe_published(published: Published, place: str) -> Message:
    """What a publication did, in a sentence."""
    files = [
        message(code, count=count)
        for code, count in (
            ("script.new", published.created),
            ("script.same", published.same),
            ("script.replaced", published.replaced),
        )
        if count
    ]
    return message(
        "script.published", orders=published.orders, items=published.items,
        value=published.value_cents / 100, place=place, files=files,
    )  # fmt: skip
