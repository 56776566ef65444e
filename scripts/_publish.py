"""What the scripts that generate share: the request to the output folder, then to the bucket."""

import argparse
import contextlib

from _cli import Bar, ingested_sentence, now, open_platform

from core.catalog import load_catalog
from core.object_store.local import output_store
from core.publish import Published, Request, check, publish
from core.reference import publish_reference


def write(request: Request, args: argparse.Namespace, *, reference: bool) -> int:
    """Write a request's files and, with `--upload`, its objects; say what that was.

    Whatever stands in the way, in the folder or in the bucket, is found before either is written.

    Args:
        reference: Whether the output folder gets the reference files, too.
    """
    catalog = load_catalog()
    choices = {"overwrite": args.overwrite, "force": args.force}
    store = output_store(args.output_dir)
    platform = open_platform() if args.upload else None
    with contextlib.ExitStack() as ready, Bar() as bar:
        for target in [platform.store, store] if platform else [store]:
            check(target, request, catalog, **choices)
            ready.enter_context(target.session())
        published = publish(store, request, catalog, **choices, progress=bar)
        if reference:
            publish_reference(store, catalog, args.units)
        print(_sentence(published, f"{store.root}/csv_sales"))
        if platform:
            from core.pipeline import upload

            uploaded = upload(platform, request, now(), **choices, progress=bar)
            print(_sentence(uploaded.published, f"bucket {platform.store.bucket!r}"))
            print(
                "csv-processor takes the new objects to Bronze: "
                "`python scripts/verify_upload.py` waits for them and compares."
                if uploaded.left_to_events
                else ingested_sentence(uploaded.ingested)
            )
    return 0


def _sentence(published: Published, place: str) -> str:
    """What a publication did, in a sentence."""
    files = [
        f"{count:,} {word}"
        for count, word in (
            (published.created, "new"),
            (published.same, "already there"),
            (published.replaced, "replaced"),
        )
        if count
    ]
    return (
        f"{published.orders:,} orders and {published.items:,} items worth "
        f"R$ {published.value_cents / 100:,.2f} in {place}; files: {', '.join(files)}."
    )
