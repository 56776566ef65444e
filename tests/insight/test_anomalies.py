"""What is wrong with the content of sales that every rule about a row accepts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core import pipeline
from core.insight.anomalies.anomaly import Anomaly, AnomalyKind
from core.insight.anomalies.find import find_anomalies
from core.insight.diagnostics.checks import State
from core.platform import Platform
from core.storage.object_store import NewObject
from tests.support.diagnosed import found
from tests.support.planted import always, edit, lines_of, name_of, publish

DAYS = [date(2026, 2, 2) + timedelta(days=n) for n in range(3)]
NOW = datetime(2026, 2, 5, 12, tzinfo=UTC)
LUNCH, DINNER = "window_1214", "window_1820"


@pytest.fixture
def sold(platform: Platform) -> Platform:
    """Three dates of two units."""
    publish(platform, DAYS, [1, 2], NOW)
    return platform


def anomalies(platform: Platform) -> list[Anomaly]:
    """What is found once everything is loaded, over these dates."""
    pipeline.ingest_pending(platform, NOW)
    return list(find_anomalies(platform, (DAYS[0], DAYS[-1]), NOW).found)


def places(platform: Platform, *kinds: AnomalyKind) -> set[tuple[str, str, str]]:
    """Kind, object and id of what is found of some kinds, or of all."""
    return {
        (one.kind.value, one.object, one.id)
        for one in anomalies(platform)
        if not kinds or one.kind in kinds
    }


def field(line: str, place: int) -> str:
    return line.rstrip("\n").split(";")[place]


def with_field(line: str, place: int, value: str) -> str:
    fields = line.rstrip("\n").split(";")
    fields[place] = value
    return ";".join(fields) + "\n"


@pytest.mark.both_sides
def test_rows_that_each_rule_accepts_and_that_are_wrong_together(sold: Platform) -> None:
    assert anomalies(sold) == []
    orders, items = (name_of(kind, DAYS[1], 1, LUNCH) for kind in ("orders", "order_items"))
    first, second, third, *_ = (field(line, 1) for line in lines_of(sold, orders))
    orphans = [field(line, 1) for line in lines_of(sold, items) if field(line, 0) == second]
    sold_items = lines_of(sold, name_of("order_items", DAYS[1], 2, DINNER))
    dear = field(sold_items[0], 1)
    total = field(lines_of(sold, orders)[2], 4)
    edit(sold, items, lambda lines: [line for line in lines if field(line, 0) != first])
    edit(sold, orders, lambda lines: [
        lines[0], with_field(lines[2], 4, str(Decimal(total) + 1)), *lines[3:]
    ])  # fmt: skip
    edit(sold, name_of("order_items", DAYS[1], 2, DINNER), lambda lines: [
        with_field(lines[0], 4, str(Decimal(field(lines[0], 4)) + Decimal("0.10"))), *lines[1:]
    ])  # fmt: skip
    found_here = anomalies(sold)
    assert {(one.kind.value, one.object, one.id) for one in found_here} == {
        ("order_without_items", orders, first),
        *(("item_without_order", items, orphan) for orphan in orphans),
        ("total_not_sum", orders, third),
        ("price_drift", name_of("order_items", DAYS[1], 2, DINNER), dear),
        ("total_not_sum", name_of("orders", DAYS[1], 2, DINNER), field(sold_items[0], 0)),
    }
    (price,) = [one for one in found_here if one.kind is AnomalyKind.PRICE_DRIFT]
    right = Decimal(field(sold_items[0], 4))
    assert f"R$ {right + Decimal('0.10')}" in price.detail
    assert price.detail.endswith(f"is R$ {right}.")
    (total_of,) = [one for one in found_here if one.id == third]
    assert f"says R$ {Decimal(total) + 1}; its items and its fee are R$ {total}." in total_of.detail


def test_what_follows_from_a_rejected_row_is_no_anomaly(sold: Platform) -> None:
    """The quarantine reports the row; the other rows of its order are right."""
    orders, items = (name_of(kind, DAYS[0], 1, DINNER) for kind in ("orders", "order_items"))
    edit(sold, orders, lambda lines: [with_field(lines[0], 7, "Perdido"), *lines[1:]])
    edit(sold, name_of("order_items", DAYS[0], 2, DINNER), lambda lines: [
        with_field(lines[0], 3, "0"), *lines[1:]
    ])  # fmt: skip
    sold.store.replace(NewObject(name_of("orders", DAYS[1], 1, LUNCH), b"Id_Unidade\n1\n"))
    edit(sold, name_of("order_items", DAYS[1], 2, LUNCH), lambda lines: [lines[0], *lines])
    assert anomalies(sold) == []
    last = name_of("orders", DAYS[2], 1, DINNER)  # its last row ends within its id
    edit(sold, last, lambda lines: [*lines[:-1], lines[-1][:9]], believed=False)
    assert anomalies(sold) == []
    sold.store.delete(items)
    sold.warehouse.remove(sold.store.bucket, [items])
    assert anomalies(sold) == []


@pytest.mark.parametrize("added", [False, True], ids=["alone", "added"])
@pytest.mark.parametrize("to", ["window_1012", DINNER])
def test_a_window_copied_into_another_one_is_named_row_by_row(
    sold: Platform, to: str, added: bool
) -> None:
    """Whether the copy has the name of an earlier or of a later window."""
    for kind in ("orders", "order_items"):
        copied = lines_of(sold, name_of(kind, DAYS[1], 1, LUNCH))
        name = name_of(kind, DAYS[1], 1, to)
        before = lines_of(sold, name) if added else []
        edit(sold, name, always([*before, *copied]), believed=False)
    assert places(sold) == {
        ("copied_into_other_window", name_of(kind, DAYS[1], 1, to), field(line, 1))
        for kind in ("orders", "order_items")
        for line in lines_of(sold, name_of(kind, DAYS[1], 1, LUNCH))
    }


@pytest.mark.parametrize("written", [0, 1], ids=["today", "yesterday"])
def test_yesterdays_data_again(sold: Platform, written: int) -> None:
    """With yesterday's date in the rows, quarantine has the orders but not the items."""
    for kind in ("orders", "order_items"):
        old = lines_of(sold, name_of(kind, DAYS[1], 2, LUNCH))
        copied = [line.replace(str(DAYS[1]), str(DAYS[2 - written])) for line in old]
        edit(sold, name_of(kind, DAYS[2], 2, LUNCH), always(copied))
    again = {("yesterday_again", name_of("orders", DAYS[2], 2, LUNCH), "")}
    assert places(sold) == again
    only_last = find_anomalies(sold, (DAYS[2], DAYS[2]), NOW)
    assert {(one.kind.value, one.object, one.id) for one in only_last.found} == again
    assert find_anomalies(sold, (DAYS[0], DAYS[1]), NOW).found == ()


def test_an_earlier_dates_content_under_other_ids(sold: Platform) -> None:
    """Two days later; the ids are those of no other row."""
    for kind in ("orders", "order_items"):
        old = "".join(lines_of(sold, name_of(kind, DAYS[0], 2, DINNER)))
        for order in lines_of(sold, name_of("orders", DAYS[0], 2, DINNER)):
            id_ = field(order, 1)
            old = old.replace(id_, f"{id_[-12:-4]}{id_[8:]}")
        for item in lines_of(sold, name_of("order_items", DAYS[0], 2, DINNER)):
            id_ = field(item, 1)
            old = old.replace(id_, f"{id_[-12:-4]}{id_[8:]}")
        lines = old.replace(str(DAYS[0]), str(DAYS[2])).splitlines(keepends=True)
        edit(sold, name_of(kind, DAYS[2], 2, DINNER), always(lines))
    (again,) = anomalies(sold)
    name, original = (name_of("orders", day, 2, DINNER) for day in (DAYS[2], DAYS[0]))
    assert (again.kind, again.object, again.id) == (AnomalyKind.YESTERDAY_AGAIN, name, "")
    assert again.detail == f"{name} has the content of {original} under other ids."


def test_one_of_yesterdays_orders_again_is_named_by_its_id(sold: Platform) -> None:
    rows = {
        kind: lines_of(sold, name_of(kind, DAYS[1], 2, LUNCH)) for kind in ("orders", "order_items")
    }
    order = field(rows["orders"][0], 1)
    items = [line for line in rows["order_items"] if field(line, 0) == order]
    again = {"orders": rows["orders"][:1], "order_items": items}
    for kind, copied in again.items():
        name = name_of(kind, DAYS[2], 2, DINNER)
        of_today = [line.replace(str(DAYS[1]), str(DAYS[2])) for line in copied]
        edit(sold, name, always([*lines_of(sold, name), *of_today]), believed=False)
    assert places(sold) == {
        ("yesterday_again", name_of(kind, DAYS[2], 2, DINNER), field(line, 1))
        for kind, copied in again.items()
        for line in copied
    }


def test_diagnostics_show_anomalies_with_what_to_do(sold: Platform) -> None:
    assert [found(sold, key, NOW).state for key in ("volume", "content")] == [State.FINE] * 2
    items = name_of("order_items", DAYS[2], 1, LUNCH)
    edit(sold, items, lambda lines: [with_field(line, 4, "0.50") for line in lines])
    pipeline.ingest_pending(sold, NOW)
    finding = found(sold, "content", NOW)
    assert (finding.state, finding.action) == (State.ATTENTION, "storage")
    assert items in finding.objects
    assert "the catalog's price" in finding.found or "its items and its fee" in finding.found
    assert finding.advice
    assert found(sold, "volume", NOW).state is State.FINE


def test_without_bronze_nothing_is_found(platform: Platform) -> None:
    assert find_anomalies(platform, (DAYS[0], DAYS[-1]), NOW).found == ()
    assert found(platform, "content", NOW).state is State.FINE
