"""Generate one task's shards of a large request into the bucket: what a Cloud Run Job runs.

The shards of a request are one list, the same wherever it is made; a task takes every
`--task-count`th of them, from `--task-index` on. Shards that are complete are left, so a task that
failed is simply run again. Exit code 75 when trying again may help.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import (
    Bar,
    Parser,
    date_range,
    describe_ingested,
    main,
    now,
    open_platform,
    record_run,
    say,
)
from _parallel import add_plan, add_workers, windows_of, workers_of
from _publish import describe_published

from core.errors import InputError
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import business_date, dates_between
from core.insight.usage.limits import check_load_jobs
from core.messages import join_sentences, message
from core.operations import jobs
from core.operations.workers import Workers
from core.progress import Remembered
from core.storage.publish import Request
from core.storage.shards import ShardedRequest, share

EXAMPLES = """\
  # The second of four tasks: on Cloud Run the two numbers come from the environment
  python scripts/generate_shards.py --units 50 --from 2026-02-01 --to 2026-02-07 \\
      --task-index 1 --task-count 4

  # A week in Parquet, loaded into Bronze
  python scripts/generate_shards.py --units 50 --from 2026-02-01 --to 2026-02-07 --windows \\
      --format parquet --load
"""


def build_parser() -> Parser:
    """Flags for the request and for which part of it."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_units()
    parser.add_dates()
    add_plan(parser)
    parser.add_seed()
    for name, what in (("index", "which task, from 0"), ("count", "how many tasks there are")):
        variable = f"CLOUD_RUN_TASK_{name.upper()}"
        parser.add_argument(
            f"--task-{name}", type=int, metavar="N", help=f"{what} (default: {variable})"
        )
    parser.add_argument("--load", action="store_true", help="take the objects to Bronze, too")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace objects that exist with other content"
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="write although bulk and incremental data of the same day would mix",
    )
    add_workers(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Make the shards of this task, and say what they hold."""
    moment, platform = now(), open_platform()
    request = Request(
        dates=tuple(dates_between(*date_range(args, business_date(moment)))),
        windows=windows_of(args.windows, platform.catalog),
        units=tuple(range(1, args.units + 1)),
        seed=DEFAULT_SEED if args.seed is None else args.seed,
        day_orders=(args.min_orders, args.max_orders),
    )
    plan = ShardedRequest(request, args.format, args.overwrite, args.force)
    task = (
        _number(args.task_index, "CLOUD_RUN_TASK_INDEX", 0),
        _number(args.task_count, "CLOUD_RUN_TASK_COUNT", 1),
    )
    shards = share(plan.shards, *task)
    workers_of(args.workers)
    if args.load and platform.settings.cloud:
        check_load_jobs(plan)
    if not shards:
        print(f"Task {task[0]} of {task[1]} has none of the {len(plan.shards)} shards.")
        return 0
    job = jobs.upload(
        request, overwrite=args.overwrite, force=args.force, written_as=args.format,
        task=task, load=args.load,
    )  # fmt: skip
    with record_run(job) as context, Bar() as bar:
        context.also = bar
        tell = Remembered(jobs.log_steps(context))
        with Workers(workers_of(args.workers), tell.again) as workers:
            done = jobs.upload_shards(platform, plan, shards, workers, moment, tell, load=args.load)
        say(
            message(
                "script.task",
                index=task[0],
                count=task[1],
                done=len(shards),
                shards=len(plan.shards),
                result=describe_published(done.published, f"bucket {platform.store.bucket!r}"),
            ),
            context,
        )
        if args.load:
            loaded = describe_ingested(done.ingested)
            say(join_sentences(loaded, jobs.describe_unread(done.ingested.left)), context)
    return 0


def _number(given: int | None, variable: str, default: int) -> int:
    """A number by its flag, or else as Cloud Run sets it."""
    text = os.environ.get(variable, "")
    if given is not None or not text:
        return default if given is None else given
    if not text.isdecimal():
        raise InputError(f"{variable} is {text!r}: use a whole number.")
    return int(text)


if __name__ == "__main__":
    main(build_parser(), run)
