"""Generate a large request with Apache Beam: `python -m beam.pipeline`, in the environment of
beam/requirements.txt.

    plan of shards -> reshuffle -> generate and write -> by date -> load

Other flags go to Beam, such as `--runner DataflowRunner`; without a runner the pipeline runs on
this machine. Complete shards are skipped, so the same command goes on where it stopped.
"""  # noqa: D205 - two lines for the command and where it runs

import argparse
import os
from collections.abc import Sequence
from datetime import UTC, datetime

from beam import steps
from core.command import complain, run_command
from core.errors import PlatformError
from core.generation.catalog import Catalog
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import dates_between, find_windows, parse_date
from core.insight.usage.limits import check_load_jobs
from core.operations.bulk import Place
from core.platform import Platform
from core.settings import Settings
from core.storage.publish import DAY_ORDERS, Request
from core.storage.shards import Format, ShardedRequest


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the pipeline and return the exit code."""
    try:
        asked, more = _parser().parse_known_args(arguments)
        platform = Platform.of(Settings.from_mapping(os.environ))
        plan = _plan(asked, platform.catalog)
        now = datetime.now(UTC) if asked.load else None
        if now and platform.settings.cloud:
            check_load_jobs(plan)
        steps.reference(platform, plan, now)
        run(plan, Place(platform.settings), now, more)
    except PlatformError as error:
        complain(str(error))
        return error.exit_code
    return 0


def run(plan: ShardedRequest, place: Place, now: datetime | None, flags: Sequence[str]) -> None:
    """Publish every shard; given a moment, load each date into Bronze once it is written.

    Args:
        flags: Flags for Beam.
    """
    import apache_beam
    from apache_beam.options.pipeline_options import PipelineOptions

    with apache_beam.Pipeline(options=PipelineOptions(list(flags))) as pipeline:
        published = (
            pipeline
            | "shards" >> apache_beam.Create(plan.shards)
            | "spread" >> apache_beam.Reshuffle()
            | "publish" >> apache_beam.Map(steps.publish, place, plan)
        )
        _ = (
            published
            | "counts" >> apache_beam.Values()
            | "sum" >> apache_beam.CombineGlobally(steps.add_published)
            | "tell" >> apache_beam.Map(steps.print_published)
        )
        if now is None:
            return
        _ = (
            published
            | "dates" >> apache_beam.GroupByKey()
            | "load" >> apache_beam.Map(steps.load, place, plan, now)
            | "sum loaded" >> apache_beam.CombineGlobally(steps.add_ingested)
            | "tell loaded" >> apache_beam.Map(steps.print_loaded)
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m beam.pipeline",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--units", type=int, default=50, metavar="N", help="number of units")
    for flag, name in (("--from", "first"), ("--to", "last")):
        parser.add_argument(
            flag, dest=name, required=True, metavar="YYYY-MM-DD", help=f"{name} date"
        )
    parser.add_argument(
        "--windows", nargs="*", metavar="HH:MM-HH:MM",
        help="these windows of each date, all seven without a value (default: whole days)",
    )  # fmt: skip
    for flag, default in zip(("--min-orders", "--max-orders"), DAY_ORDERS, strict=True):
        parser.add_argument(flag, type=int, default=default, metavar="N", help="of a unit and day")
    parser.add_argument("--format", choices=[form.value for form in Format], default="csv")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="N")
    parser.add_argument("--load", action="store_true", help="take the objects to Bronze, too")
    for flag in ("--overwrite", "--force"):
        parser.add_argument(flag, action="store_true", help="as of generate_fake_sales.py")
    return parser


def _plan(asked: argparse.Namespace, catalog: Catalog) -> ShardedRequest:
    days = dates_between(parse_date(asked.first), parse_date(asked.last))
    request = Request(
        dates=tuple(days),
        windows=() if asked.windows is None else find_windows(asked.windows, catalog),
        units=tuple(range(1, asked.units + 1)),
        seed=asked.seed,
        day_orders=(asked.min_orders, asked.max_orders),
    )
    return ShardedRequest(request, Format(asked.format), asked.overwrite, asked.force)


if __name__ == "__main__":
    run_command(main)
