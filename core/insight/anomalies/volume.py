"""Numbers of orders outside of their range, or of what the level of their kind of day explains."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from core.generation.catalog import Catalog
from core.generation.windows import business_date
from core.insight.anomalies.anomaly import Anomaly, AnomalyKind
from core.insight.anomalies.deviation import Extreme, Floats, bound_of, find_extremes
from core.insight.anomalies.facts import Facts
from core.insight.anomalies.sales import Sales, expected_trials, list_sales
from core.messages import message
from core.storage.object_names import SALES_FILES, cell_prefix, parse_sales_name

_CHAIN = 0  # in the place of a unit


def find_volume(facts: Facts, content: Sequence[Anomaly] = ()) -> list[Anomaly]:
    """Cells out of their range, then units and the chain over ranges of dates that are over.

    A unit's date with a spike or a wrong clock says nothing of other dates, and is left out there.

    Args:
        content: Anomalies that explain numbers, see `list_sales`.
    """
    sales, catalog = list_sales(facts, content), facts.platform.catalog
    today = business_date(facts.now)
    out = find_out_of_range(sales, catalog)
    wrong = {(name.day, name.unit_id) for name in map(parse_sales_name, _files_of(out)) if name}
    judged = [
        one for one in sales
        if one.day < today and one.seed is not None and (one.day, one.unit_id) not in wrong
    ]  # fmt: skip
    found = [*out, *find_unexplained(judged, catalog, _units_of(out))]
    by_place = {(one.kind, one.object): one for one in reversed(found)}
    return [one for one in found if by_place[one.kind, one.object] is one]


def find_out_of_range(sales: Iterable[Sales], catalog: Catalog) -> list[Anomaly]:
    """Cells with more orders than they can have, and the dates of units with fewer.

    If the orders of all windows fit the window before, the unit's clock is wrong, and each object
    has the orders of another window.
    """
    dates: defaultdict[tuple[date, int], list[Sales]] = defaultdict(list)
    for one in sales:
        dates[one.day, one.unit_id].append(one)
    found: list[Anomaly] = []
    for of_date in dates.values():
        out = [one for one in of_date if one.came < one.least or one.loaded > one.most]
        if len(out) > 1 and _is_shifted(of_date, catalog):
            found += map(_skew, of_date)
        else:
            found += map(_out_of_range, out)
    return found


def _is_shifted(of_date: Sequence[Sales], catalog: Catalog) -> bool:
    """Whether the windows, one after the other, each have the orders of the window before.

    The first one may have none. The last one may have its orders, too.
    """
    places = {window.start_hour: place for place, window in enumerate(catalog.windows)}
    ordered = sorted(of_date, key=lambda one: one.hour)
    first = places.get(ordered[0].hour, -1)
    if [places.get(one.hour) for one in ordered] != [*range(first, first + len(ordered))]:
        return False
    for one in ordered:
        before = catalog.windows[places[one.hour] - 1]
        fits = before.min_orders <= one.came <= before.max_orders
        both = before.min_orders + one.least <= one.came <= before.max_orders + one.most
        if not (fits or (one is ordered[0] and not one.came) or (one is ordered[-1] and both)):
            return False
    return True


def _skew(one: Sales) -> Anomaly:
    detail = message("anomaly.skew", name=one.name, unit=one.unit_id, day=one.day)
    return Anomaly(AnomalyKind.CLOCK_SKEW, one.name, "", detail)


def _out_of_range(one: Sales) -> Anomaly:
    is_spike = one.loaded > one.most
    detail = message(
        "anomaly.range", name=one.name, orders=one.loaded if is_spike else one.came,
        least=one.least, most=one.most,
    )  # fmt: skip
    if is_spike:
        return Anomaly(AnomalyKind.SPIKE, one.name, "", detail)
    return Anomaly(AnomalyKind.ORDER_LEAK, cell_prefix(one.day, one.unit_id, None), "", detail)


class Subject(NamedTuple):
    """The orders of a unit, or of the chain (0), by date, as parallel arrays.

    Attributes:
        least: The orders that are certain.
        trials, mean: Those beyond, and how many of them succeed on average.
        came, loaded: Orders.
    """

    unit_id: int
    least: Floats
    trials: Floats
    mean: Floats
    came: Floats
    loaded: Floats


def find_unexplained(
    sales: Sequence[Sales], catalog: Catalog, known: Collection[int] = ()
) -> list[Anomaly]:
    """For each unit and the chain, the ranges of dates with by far too few or too many orders.

    The chain is that of the units of which nothing is found, so that it says what no unit shows.

    Args:
        sales: All have a seed.
        known: Units of which something is found already.
    """
    if not sales:
        return []
    days = sorted({one.day for one in sales})
    units = list(_units(sales, days, catalog))
    bound = bound_of(len(units))
    found = [anomaly for one in units for anomaly in _judge(one, days, bound)]
    wrong = {*known, *_units_of(found)}
    quiet = [one for one in units if one.unit_id not in wrong]
    return [*(_judge(_chain(quiet), days, bound) if quiet else ()), *found]


def _units_of(found: Iterable[Anomaly]) -> set[int]:
    """The units with an anomaly in an object, or in the folder of a date."""
    names = (one.object for one in found)
    files = (f"{name}{SALES_FILES['orders']}" if name.endswith("/") else name for name in names)
    return {parsed.unit_id for parsed in map(parse_sales_name, files) if parsed}


def _files_of(found: Iterable[Anomaly]) -> list[str]:
    """The objects that are anomalies as such, not the folders of dates."""
    return [one.object for one in found if not one.object.endswith("/")]


def _chain(units: Sequence[Subject]) -> Subject:
    columns = zip(*(one[1:] for one in units), strict=True)
    return Subject(_CHAIN, *(np.sum(column, axis=0) for column in columns))


def _units(sales: Sequence[Sales], days: Sequence[date], catalog: Catalog) -> Iterator[Subject]:
    units = sorted({one.unit_id for one in sales})
    rows = {unit: row for row, unit in enumerate(units)}
    columns = {day: column for column, day in enumerate(days)}
    trials, mean = expected_trials(sales, catalog)
    row = [rows[one.unit_id] for one in sales]
    column = [columns[one.day] for one in sales]

    def by_date(values: Sequence[float]) -> Floats:
        sums = np.zeros((len(units), len(days)))
        np.add.at(sums, (row, column), values)
        return sums

    tables = [
        by_date([one.least for one in sales]), by_date(trials.tolist()),
        by_date((mean / 1000).tolist()), by_date([one.came for one in sales]),
        by_date([one.loaded for one in sales]),
    ]  # fmt: skip
    for unit, place in rows.items():
        yield Subject(unit, *(table[place] for table in tables))


def _judge(one: Subject, days: Sequence[date], bound: float) -> Iterator[Anomaly]:
    low, high = find_extremes(one.trials, one.mean, one.came - one.least, one.loaded - one.least)
    if low.deviation < -bound:
        yield from _unexplained(one, days, low, one.came, AnomalyKind.ORDER_LEAK)
    if high.deviation > bound:
        yield from _unexplained(one, days, high, one.loaded, AnomalyKind.SPIKE)


def _unexplained(
    one: Subject, days: Sequence[date], found: Extreme, orders: Floats, kind: AnomalyKind
) -> Iterator[Anomaly]:
    """An anomaly of the chain, or one for each date of a unit."""
    dates = slice(found.first, found.last + 1)
    first, last = days[found.first], days[found.last]
    came = int(orders[dates].sum())
    expected = round(float((one.least + one.mean)[dates].sum()))
    if one.unit_id == _CHAIN:
        detail = message(
            "anomaly.chain", first=first, last=last, orders=came, expected=expected
        )  # fmt: skip
        yield Anomaly(kind, "", "", detail)
        return
    detail = message(
        "anomaly.unit", unit=one.unit_id, first=first, last=last, orders=came, expected=expected
    )
    for day in days[dates]:
        yield Anomaly(kind, cell_prefix(day, one.unit_id, None), "", detail)
