"""Print what the platform takes of Google's free tier in a month, and what it costs beyond."""

import argparse
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Parser, main, now, open_platform, whole_number

from core.generation.catalog import load_catalog
from core.insight.usage import (
    Line,
    Month,
    Observed,
    UsageScenario,
    compare_with_limits,
    crossings,
    forecast,
    is_free_region,
    observe_month,
    parse_month,
    prices,
    projection,
    total,
)
from core.insight.usage.prices import MICRO, Price
from core.operations.runs import Run, RunHistory
from core.platform import Platform
from core.settings import Settings

RUNS = 5_000  # the newest of the history
CROSSING_UNITS = 10_000
NAMES = {
    "scheduler_jobs": "Cloud Scheduler jobs",
    "function_calls": "Function calls",
    "storage_bytes": "Cloud Storage, stored",
    "class_a": "Class A operations",
    "class_b": "Class B operations",
    "table_bytes": "BigQuery, stored",
    "query_bytes": "BigQuery, queried",
}
EXAMPLES = """\
  # What happened this month, and what 50 units take
  python scripts/usage.py

  # 500 units that are rebuilt four times a day, in a month of 28 days
  python scripts/usage.py --units 500 --rebuilds 4 --month 2026-02

  # In a region without a free tier of Cloud Storage
  python scripts/usage.py --region southamerica-east1

  # Prices and free limits, with their sources
  python scripts/usage.py --prices
"""


def build_parser() -> Parser:
    """Flags for the month and the plan."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_argument(
        "--month", type=parse_month, metavar="YYYY-MM", help="the month (default: the present one)"
    )
    parser.add_units(what="restaurant units of the plan")
    parser.add_argument(
        "--rebuilds", type=whole_number, default=1, metavar="N",
        help="rebuilds a day of the plan (default: 1)",
    )  # fmt: skip
    parser.add_argument(
        "--earlier-days", type=whole_number, default=0, metavar="N",
        help="days of sales that are stored when the month begins (default: 0)",
    )  # fmt: skip
    parser.add_argument("--region", help="region of the bucket (default: that of the settings)")
    parser.add_argument(
        "--prices", action="store_true", help="print prices and free limits, and nothing else"
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Print what happened in the month, and what the plan takes."""
    if args.prices:
        _print_prices()
        return 0
    moment = now()
    month = args.month or Month.of(moment)
    plan = UsageScenario(
        args.units, month.days, rebuilds=args.rebuilds, earlier_days=args.earlier_days
    )  # fmt: skip
    platform = open_platform()
    cloud = platform.settings.cloud
    free_region = is_free_region(args.region or (cloud.region if cloud else "us-central1"))
    seen = observe_month(platform, _runs(platform.settings), month, moment)
    _print_happened(platform, seen, free_region=free_region)
    _print_plan(plan, month, free_region=free_region)
    return 0


def _runs(settings: Settings) -> Sequence[Run]:
    """The newest runs; a history that is not there yet is not made."""
    return (
        RunHistory(settings.runs_file, now).list_recent(RUNS) if settings.runs_file.exists() else []
    )


def _print_happened(platform: Platform, seen: Observed, *, free_region: bool) -> None:
    if seen.empty:
        print(f"Nothing came to Bronze in {seen.month}, and none of its sales are in the bucket.")
        return
    whole = projection(seen)
    print(
        f"{seen.month}, {float(100 * seen.done):.0f}% of its windows have begun: "
        f"{seen.windows:,} windows, {seen.arrived.objects:,} objects with {seen.rows:,} rows to "
        f"Bronze, {seen.rebuilds:,} rebuilds, {seen.waiting:,} objects wait."
    )
    lines = compare_with_limits(whole or seen.so_far, free_region=free_region)
    so_far = [_quantity(line.price, seen.so_far.of(line.price.resource)) for line in lines]
    _print_lines(lines, "whole month", so_far)
    if platform.settings.cloud is None:
        print("Nothing is billed here: the same work takes this on Google Cloud.")
    if seen.queries_estimated:
        print("Bytes of queries are those of the rebuilds in the history of runs.")
    print(f"This look took {seen.look_class_a:,} Class A operations where it is billed.")


def _print_plan(plan: UsageScenario, month: Month, *, free_region: bool) -> None:
    catalog = load_catalog()
    print(
        f"\nPlan for {month}: {plan.units:,} units, {plan.days} days of {plan.windows} windows, "
        f"{plan.rebuilds} rebuilds a day, {plan.earlier_days:,} days stored before."
    )
    _print_lines(compare_with_limits(forecast(plan, catalog), free_region=free_region), "a month")
    for resource, units in crossings(
        plan, catalog, CROSSING_UNITS, free_region=free_region
    ).items():  # fmt: skip
        if units:
            print(f"{NAMES[resource]}: beyond the free limit from {units:,} units on.")


def _print_lines(lines: Sequence[Line], what: str, so_far: Sequence[str] = ()) -> None:
    def row(name: str, *cells: str) -> str:
        return f"{name:<24}" + "".join(f"{cell:>14}" for cell in cells)

    before = ("so far",) if so_far else ()
    print(row("resource", *before, what, "free a month", "share", "cost beyond"))
    for place, line in enumerate(lines):
        share = "none is free" if line.share is None else f"{float(100 * line.share):.3g}%"
        print(row(
            NAMES[line.price.resource], *so_far[place : place + 1],
            _quantity(line.price, line.quantity), _quantity(line.price, line.free), share,
            _dollars(line.micro_usd),
        ))  # fmt: skip
    print(row("in all", *([""] * (3 + len(before))), _dollars(total(lines))))


def _print_prices() -> None:
    for each in prices():
        where = f" in {', '.join(sorted(each.free_regions))}" if each.free_regions else ""
        print(
            f"{NAMES[each.resource]}: {each.free:,} {each.unit} a month free{where}, "
            f"US$ {each.usd} for {each.per:,} {each.unit} beyond; {each.source}, read {each.read}."
        )


def _quantity(price: Price, quantity: int) -> str:
    if price.size == 1:
        return f"{quantity:,}"
    value, unit = Decimal(quantity), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{value:,.1f} {unit}"


def _dollars(micro_usd: int) -> str:
    return f"US$ {Decimal(micro_usd) / MICRO:,.4f}"


if __name__ == "__main__":
    main(build_parser(), run)
