"""Rows whose id is in more than one row of Bronze: copies of a window, and yesterday's data again.

Bronze has no time of an order, so other facts say which of several objects has the original: the
one of the earlier date; of one date the one that its manifest describes; else the one of which the
greater part is repeated, for rows were added to the other; else that of the earlier window.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import NamedTuple

from core.insight.anomalies.anomaly import Anomaly, AnomalyKind
from core.insight.anomalies.facts import OF_DATES, Arrival, Facts
from core.messages import message
from core.storage.object_names import sales_name

_REPEATED = f"""
WITH loaded AS (
  SELECT 'orders' AS kind, id_pedido AS id, _source_file AS name
  FROM bronze.orders
  WHERE {OF_DATES}
  UNION ALL
  SELECT 'order_items' AS kind, id_item_pedido AS id, _source_file AS name
  FROM bronze.order_items
  WHERE {OF_DATES}
),

counted AS (
  SELECT id, name, COUNT(*) OVER (PARTITION BY kind, id) AS copies
  FROM loaded
)

SELECT id, name
FROM counted
WHERE copies > 1
ORDER BY id, name
LIMIT @most
"""  # noqa: S608 - own words


class _Copy(NamedTuple):
    name: str
    id: str
    original: str


def find_repeats(facts: Facts) -> list[Anomaly]:
    """The copies of rows, among the objects of these dates and of the date before them.

    An object with yesterday's data alone is one anomaly; any other copy of a row is one.
    """
    names_of: defaultdict[str, list[str]] = defaultdict(list)
    for row in facts.ask_rows(_REPEATED, day_before=True):
        if row["name"] in facts.arrivals:  # else the check of the ledger reports it
            names_of[row["id"]].append(row["name"])
    repeated = Counter(name for names in names_of.values() for name in names)
    ranks = {name: _rank(facts, facts.arrivals[name], count) for name, count in repeated.items()}
    copies = (
        _Copy(name, id_, original)
        for id_, names in names_of.items()
        for original, *others in [sorted(names, key=ranks.__getitem__)]
        for name in others
        if facts.arrivals[name].day >= facts.first
    )
    of_objects = groupby(sorted(copies), key=lambda copy: copy.name)
    by_object = {name: [*of_object] for name, of_object in of_objects}
    whole = {name for name, found in by_object.items() if _is_yesterdays(facts, name, found)}
    anomalies = (
        anomaly
        for name, found in by_object.items()
        for anomaly in (
            _judge_whole(facts, name, found, whole)
            if name in whole
            else _judge_rows(facts, name, found)
        )
    )
    return [*dict.fromkeys(anomalies)]


def copied_rows(found: Iterable[Anomaly]) -> Mapping[str, int]:
    """By an object's name, how many of its rows are copies of rows of the same date."""
    kinds = (AnomalyKind.COPIED_INTO_OTHER_WINDOW, AnomalyKind.ROW_DOUBLED)
    return Counter(one.object for one in found if one.kind in kinds)


def _rank(facts: Facts, one: Arrival, repeated: int) -> tuple[date, bool, float, str]:
    """The least rank has the original; `repeated` counts the object's rows that are repeated."""
    file = facts.published(one)
    differs = file is None or file.crc32c != one.crc32c
    return one.day, differs, -repeated / one.rows_loaded, one.name


def _is_yesterdays(facts: Facts, name: str, copies: list[_Copy]) -> bool:
    """Whether all rows of an object are copies from an earlier date."""
    one = facts.arrivals[name]
    again = {copy.id for copy in copies if facts.arrivals[copy.original].day < one.day}
    return len(again) == one.rows_loaded


def _judge_whole(
    facts: Facts, name: str, copies: list[_Copy], whole: Collection[str]
) -> Iterator[Anomaly]:
    """One anomaly a cell, of its orders, unless those are right."""
    place = facts.arrivals[name].place
    orders = sales_name(replace(place, kind="orders")) if place else name
    if orders != name and orders in whole:
        return
    # Items have no date: where the orders have yesterday's, quarantine has all of them.
    about = orders if facts.has_no_rows(orders) else name
    detail = message("anomaly.yesterday_again", name=name, original=copies[0].original)
    yield Anomaly(AnomalyKind.YESTERDAY_AGAIN, about, "", detail)


def _judge_rows(facts: Facts, name: str, copies: list[_Copy]) -> Iterator[Anomaly]:
    for copy in copies:
        kind, code = _kind_of(facts.arrivals[name], facts.arrivals[copy.original])
        detail = message(code, id=copy.id, name=name, original=copy.original)
        yield Anomaly(kind, name, copy.id, detail)


def _kind_of(copy: Arrival, original: Arrival) -> tuple[AnomalyKind, str]:
    """What the copy of a row is, and the code of its sentence."""
    if copy.name == original.name:
        return AnomalyKind.ROW_DOUBLED, "anomaly.row_twice"
    if copy.day > original.day:
        return AnomalyKind.YESTERDAY_AGAIN, "anomaly.row_of_yesterday"
    if copy.unit_id == original.unit_id and copy.is_window and original.is_window:
        return AnomalyKind.COPIED_INTO_OTHER_WINDOW, "anomaly.copied"
    return AnomalyKind.ROW_DOUBLED, "anomaly.row_in_two"
