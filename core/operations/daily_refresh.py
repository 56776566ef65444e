"""The daily refresh: the steps that complete a business date, from windows to aggregations.

Airflow, the command line and the panel take `STEPS` in this order; `core.operations.jobs` makes
runs of them. A step can be repeated, alone or with the rest.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from core import pipeline
from core.errors import CheckError, InputError, TransientError
from core.generation.windows import business_date, check_date, check_units
from core.messages import Message, join_sentences, list_parts, message
from core.operations.backfill_plan import BackfillPlan, BackfillRequest, Reason, plan_backfill
from core.platform import Platform
from core.reconcile.compare import ObjectVerdict, Verdict, verdict_text
from core.settings import GAPS
from core.warehouse.base import SALES_TABLES

STEPS = ("windows", "ingest", "silver", "gold", "aggregations", "checks", "report")

_FINE = frozenset({Verdict.IN_BRONZE, Verdict.NOT_DUE})
_NAMED = 20  # objects that a failed check lists

_DAY: Mapping[str, str] = {
    "silver": """
SELECT
  COUNT(*) AS orders,
  (
    SELECT COUNT(*) FROM silver.order_items
    WHERE order_id IN (SELECT order_id FROM silver.orders WHERE order_date = @day)
  ) AS items,
  SUM(order_value) AS revenue
FROM silver.orders WHERE order_date = @day
""",
    "gold": """
SELECT COUNT(*) AS orders, SUM(total_items) AS items, SUM(order_value) AS revenue
FROM gold.fact_sales WHERE order_date = @day
""",
    "aggregations": """
SELECT SUM(total_orders) AS orders, SUM(total_items_sold) AS items, SUM(total_revenue) AS revenue
FROM gold.agg_daily_sales WHERE order_date = @day
""",
}


class Gaps(StrEnum):
    """What is done about windows that are missing."""

    FILL = "fill"
    WAIT = "wait"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Refresh:
    """A business date to refresh.

    Attributes:
        units: How many are expected in windows without a manifest; None for those that the date's
            other manifests name. Gaps of a date without any are filled for a number alone.
        gaps: One of `core.settings.GAPS`.
        full: Whether the layers are rebuilt whole, not only the dates that changed.

    Raises:
        InputError: A part of it is not possible.
    """

    day: date
    units: int | None = None
    gaps: str = Gaps.FILL.value
    full: bool = False

    def __post_init__(self) -> None:
        check_date(self.day)
        if self.units is not None:
            check_units(self.units)
        if self.gaps not in GAPS:
            raise InputError(message("request.gaps", gaps=self.gaps, choices=GAPS))


@dataclass(frozen=True, slots=True)
class Count:
    """Orders, items and revenue (BRL) of a date at one place; None for what is unknown there."""

    place: str
    orders: int | None
    items: int | None
    revenue: Decimal | None = None


def last_ended_day(moment: datetime) -> date:
    """The business date that ended last before an aware moment."""
    return business_date(moment) - timedelta(days=1)


def plan_windows(platform: Platform, refresh: Refresh, now: datetime) -> BackfillPlan:
    """The windows of the date, and which are missing or not in Bronze at the aware moment `now`.

    Raises:
        InputError: The date has not begun, or the units of its gaps are unknown.
        TransientError: There are gaps to wait for, or the warehouse cannot be reached now.
        CheckError: There are gaps, which count as failures.
    """
    if refresh.day > business_date(now):
        raise InputError(message("request.not_begun", day=refresh.day, last=business_date(now)))
    asked = BackfillRequest((refresh.day, refresh.day), platform.catalog.windows, refresh.units)
    found = plan_backfill(platform, asked, now)
    gaps = [step for step in found.chosen if step.reason is not Reason.PENDING]
    if refresh.gaps == Gaps.FILL:
        found.check_units()
    gaps += found.unknown
    if gaps and refresh.gaps != Gaps.FILL:
        told = message(
            "daily.gaps", count=len(gaps), day=refresh.day,
            gaps=list_parts(
                [message("daily.gap", hours=step.window.hours, why=step.why) for step in gaps]
            ),
        )  # fmt: skip
        if refresh.gaps == Gaps.WAIT:
            raise TransientError(join_sentences(told, message("daily.waited_for")))
        raise CheckError(join_sentences(told, message("daily.generate")))
    return found


def count_sales(platform: Platform, refresh: Refresh, now: datetime) -> list[Count]:
    """The date's orders, items and revenue: as expected, in Bronze, and in each layer built.

    Args:
        now: The aware present.
    """
    return _count_layers(platform, refresh.day, _compare(platform, refresh, now))


def check_counts(platform: Platform, refresh: Refresh, now: datetime) -> str:
    """Compare the sales expected at `now` (aware) with each layer's; a sentence when all are equal.

    Raises:
        CheckError: Objects are not as expected, or a layer has other numbers.
    """
    lines = _compare(platform, refresh, now)
    wrong = [line for line in lines if line.verdict not in _FINE]
    if wrong:
        raise CheckError(_describe_faults(refresh.day, wrong))
    found = _count_layers(platform, refresh.day, lines)
    for before, after in itertools.pairwise(found):
        if not _is_equal(before, after):
            raise CheckError(
                message(
                    "daily.differs", day=refresh.day,
                    place=before.place, counts=_describe_count(before),
                    other=after.place, others=_describe_count(after),
                )
            )  # fmt: skip
    return message("daily.same", day=refresh.day, counts=_describe_count(found[-1]))


def format_counts(found: Sequence[Count]) -> list[str]:
    """Counts as lines of text, the first one naming the columns."""
    rows = [
        f"{count.place:<14}{_format_number(count.orders):>10}{_format_number(count.items):>10}"
        f"{_format_number(count.revenue):>16}"
        for count in found
    ]
    return [f"{'':<14}{'orders':>10}{'items':>10}{'revenue R$':>16}", *rows]


def _compare(platform: Platform, refresh: Refresh, now: datetime) -> list[ObjectVerdict]:
    return pipeline.compare(platform, (refresh.day, refresh.day), now, refresh.units).lines


def _count_layers(platform: Platform, day: date, lines: Sequence[ObjectVerdict]) -> list[Count]:
    found = [_count_expected(lines), Count("bronze", *_count_bronze(lines))]
    with platform.warehouse.looking():
        built = pipeline.built_layers(platform)
        for layer in built:
            (row,) = platform.warehouse.ask(_DAY[layer], {"day": day})
            found.append(
                Count(layer, int(row["orders"] or 0), int(row["items"] or 0), row["revenue"])
            )
    return found


def _count_expected(lines: Sequence[ObjectVerdict]) -> Count:
    """By the manifests; unknown where bulk data has none."""
    if any(line.expected is None and line.requested for line in lines):
        return Count("expected", None, None)
    due = [line for line in lines if line.verdict is not Verdict.NOT_DUE]
    orders, items = (sum(line.due for line in due if line.table == name) for name in SALES_TABLES)
    return Count("expected", orders, items)


def _count_bronze(lines: Sequence[ObjectVerdict]) -> tuple[int, int]:
    orders, items = (
        sum(line.bronze for line in lines if line.table == name) for name in SALES_TABLES
    )
    return orders, items


def _is_equal(one: Count, other: Count) -> bool:
    pairs = [(one.orders, other.orders), (one.items, other.items), (one.revenue, other.revenue)]
    return all(a == b for a, b in pairs if a is not None and b is not None)


def _describe_faults(day: date, wrong: Sequence[ObjectVerdict]) -> Message:
    objects = [
        message(
            "daily.fault", name=line.name, verdict=verdict_text(line.verdict), detail=line.detail
        )
        if line.detail
        else message("daily.fault_plain", name=line.name, verdict=verdict_text(line.verdict))
        for line in wrong[:_NAMED]
    ]
    more = len(wrong) - _NAMED
    if more > 0:
        objects.append(message("daily.more", count=more))
    return message("daily.faults", count=len(wrong), day=day, objects=list_parts(objects))


def _describe_count(count: Count) -> Message:
    orders, items = _show_count(count.orders), _show_count(count.items)
    if count.revenue is None:
        return message("daily.counts", orders=orders, items=items)
    return message("daily.counts_revenue", orders=orders, items=items, revenue=count.revenue)


def _show_count(value: int | None) -> int | str:
    return "?" if value is None else value


def _format_number(value: int | Decimal | None) -> str:
    if value is None:
        return "?"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
