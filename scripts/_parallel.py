"""What the scripts for large requests share: their flags, and the processes that work."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from _cli import Parser

from core.generation.catalog import Catalog, Window
from core.generation.windows import find_windows
from core.operations import bulk
from core.operations.workers import Workers, check_workers
from core.pipeline import Uploaded
from core.platform import Platform
from core.progress import Progress, Remembered
from core.settings import Settings
from core.storage.publish import DAY_ORDERS, Published
from core.storage.shards import Format, ShardedRequest


@dataclass(frozen=True)
class ShardWriter:
    """Writes the shards of a plan with `count` processes."""

    plan: ShardedRequest
    count: int

    def write(
        self, folder: str, platform: Platform | None, now: Callable[[], datetime], tell: Progress
    ) -> tuple[Published, Uploaded | None]:
        """Compare with both places, then write the folder, then the bucket and Bronze."""
        tell = Remembered(tell)
        home = {"MRHEALTH_HOME": os.environ.get("MRHEALTH_HOME", "")}
        output = bulk.Place(Settings.from_mapping(home), folder)
        with Workers(self.count, tell.again) as workers:
            if platform:
                bucket = bulk.Place(platform.settings)
                bulk.survey(bucket, self.plan, self.plan.shards, workers, tell)
            published = bulk.publish_all(output, self.plan, workers, tell)
            if platform is None:
                return published, None
            return published, bulk.upload_all(platform, self.plan, workers, now(), tell)


def add_workers(parser: Parser) -> None:
    """The flag `--workers`."""
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="processes that work at once (default: all cores, where the request is large)",
    )


def add_plan(parser: Parser) -> None:
    """The flags that say how many orders a day, or which windows, and how they are written."""
    fewest, most = DAY_ORDERS
    for flag, default, what in (("--min", fewest, "fewest"), ("--max", most, "most")):
        parser.add_argument(
            f"{flag}-orders",
            type=int,
            default=default,
            metavar="N",
            help=f"{what} a unit and day (default: {default})",
        )
    parser.add_argument(
        "--windows",
        nargs="*",
        metavar="HH:MM-HH:MM",
        help="these windows of each date, all seven without a value (default: whole days)",
    )
    parser.add_argument(
        "--format",
        type=Format,
        choices=list(Format),
        default=Format.CSV,
        help="two CSV files a unit and window, or two Parquet files a date (default: csv)",
    )


def windows_of(texts: list[str] | None, catalog: Catalog) -> tuple[Window, ...]:
    """Windows by their hours, in the order of the day; none without the flag."""
    return () if texts is None else find_windows(texts, catalog)


def shard_writer_of(plan: ShardedRequest, workers: int | None) -> ShardWriter | None:
    """The processes for a plan; None for a small plan without `--workers`."""
    if workers is None:
        return ShardWriter(plan, cores()) if bulk.is_large(plan) else None
    check_workers(workers)
    return ShardWriter(plan, workers) if workers > 1 or bulk.is_large(plan) else None


def workers_of(asked: int | None) -> int:
    """How many processes work: those of `--workers`, or all cores."""
    return cores() if asked is None else check_workers(asked)


def workers_for(cells: int, asked: int | None) -> int:
    """How many processes work: those of `--workers`, or all cores for a large request."""
    return workers_of(asked) if asked or cells >= bulk.POOL_CELLS else 1


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
