"""The answer key is true of what is published: each fault is there, and nothing else differs."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.generation.catalog import load_catalog
from core.generation.columns import HEADERS
from core.generation.windows import WindowOfDay
from core.scenarios.key import COLUMNS, KeyEntry, answer_key, key_csv, key_json
from core.scenarios.kinds import KINDS
from core.scenarios.plan import plan
from core.scenarios.scenario import Scenario
from core.scenarios.spoiler import ScenarioSpoiler
from core.storage.delivery import clean_delivery
from core.storage.object_names import parse_sales_name
from core.storage.object_store.checksums import crc32c
from core.storage.request import Request
from tests.support.spoiled import Cell, fault, request_of, scenario_of, sent, spoil_all

CATALOG = load_catalog()
# Kinds after which rows differ that the key does not name one by one: those of another cell, new
# ones, totals that follow prices, and all rows of a file in another form.
MANY_ROWS = {"yesterday_again", "clock_skew", "spike", "price_drift"} | {
    name for name, kind in KINDS.items() if kind.spoils_file or name == "truncated"
}


@st.composite
def faults(draw: st.DrawFn) -> dict[str, Any]:
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    one: dict[str, Any] = {"kind": kind.name}
    if draw(st.booleans()):
        one["share"] = draw(st.sampled_from([0.1, 0.5, 1.0]))
    else:
        one["count"] = draw(st.integers(1, 6))
    if draw(st.booleans()):
        one["units"] = [1, draw(st.integers(1, 2))]
    if draw(st.booleans()):
        one["days"] = [0, draw(st.integers(0, 1))]
    one["parameters"] = {
        parameter.name: draw(st.sampled_from(parameter.choices))
        for parameter in kind.parameters
        if parameter.choices
    }
    return one


SCENARIOS = st.builds(
    lambda faults, seed: scenario_of(*faults, seed=seed),
    st.lists(faults(), min_size=1, max_size=5), st.integers(0, 2**63 - 1),
)  # fmt: skip
REQUESTS = st.builds(
    request_of, st.integers(1, 2), st.sets(st.integers(0, 6), min_size=1).map(sorted),
    st.integers(1, 3),
)  # fmt: skip


@given(SCENARIOS, REQUESTS)
def test_every_entry_of_the_key_is_true_of_the_published_bytes(
    scenario: Scenario, request: Request
) -> None:
    cells = spoil_all(scenario, request)
    published = {name: data for cell in cells for name, data in sent(cell.delivery).items()}
    clean = clean_values(cells)
    for cell in cells:
        for entry in cell.entries:
            if entry.line:
                check_row(entry, published[entry.object], clean)
            else:
                CHECKS.get(entry.kind, check_header)(entry, cell, published)


def clean_values(cells: Sequence[Cell]) -> dict[str, Mapping[str, str]]:
    """The right values of each order and item by its id."""
    values: dict[str, Mapping[str, str]] = {}
    for cell in cells:
        for data, key in ((cell.clean.orders_csv, 1), (cell.clean.items_csv, 1)):
            for row in csv.DictReader(io.StringIO(data.decode()), delimiter=";"):
                values[[*row.values()][key]] = row
    return values


def check_row(entry: KeyEntry, data: bytes, clean: Mapping[str, Mapping[str, str]]) -> None:
    line = data.decode().split("\n")[entry.line - 1]
    assert entry.id in line
    if not entry.column:
        assert line == entry.is_ or entry.kind == "order_without_items"
        return
    kind = "order_items" if entry.object.endswith("item_pedido.csv") else "orders"
    assert line.split(";")[HEADERS[kind].index(entry.column)] == entry.is_
    if entry.was and (entry.id in clean or entry.kind != "price_drift"):  # of a spike: no clean one
        assert clean[entry.id][entry.column] == entry.was


def check_missing(entry: KeyEntry, cell: Cell, _: object) -> None:
    assert (entry.object, None) in [(one.new.name, one.moment) for one in cell.delivery.held]
    assert entry.object not in {new.name for new in cell.delivery.objects}


def check_late(entry: KeyEntry, cell: Cell, _: object) -> None:
    due = {one.new.name: one.moment for one in cell.delivery.held}[entry.object]
    assert due
    assert due > entry.appears
    assert (entry.was, entry.is_) == (entry.appears.isoformat(), due.isoformat())


def check_count(entry: KeyEntry, cell: Cell, _: object) -> None:
    assert cell.delivery.entry
    assert entry.was == str(cell.clean.orders)
    assert entry.is_ == str(cell.delivery.entry.orders.rows)


def check_silence(entry: KeyEntry, cell: Cell, published: Mapping[str, bytes]) -> None:
    assert cell.delivery.entry is None
    folder = f"{entry.object}{cell.at.tag}/"
    copies = [name for name in published if name.startswith(folder)]
    assert copies == []
    assert (entry.was, entry.is_) == (str(cell.clean.orders), "0")


def check_yesterday(entry: KeyEntry, cell: Cell, published: Mapping[str, bytes]) -> None:
    assert entry.was == str(cell.at.day)
    assert entry.is_ < entry.was
    ids = {row.split(b";")[1] for row in cell.clean.orders_csv.splitlines()[1:]}
    moved = {row.split(b";")[1] for row in published[entry.object].splitlines()[1:]}
    assert not ids & moved


def check_size(entry: KeyEntry, _: object, published: Mapping[str, bytes]) -> None:
    assert len(published[entry.object]) == int(entry.is_) < int(entry.was)


def check_copy(entry: KeyEntry, _: object, published: Mapping[str, bytes]) -> None:
    assert parse_sales_name(entry.object) is None
    assert parse_sales_name(entry.is_)
    assert entry.object in published


def check_again(entry: KeyEntry, cell: Cell, _: object) -> None:
    assert entry.object in cell.delivery.again
    assert entry.object in {new.name for new in cell.delivery.objects}


def check_encoding(entry: KeyEntry, _: object, published: Mapping[str, bytes]) -> None:
    published[entry.object].decode(entry.is_)
    with pytest.raises(UnicodeDecodeError):
        published[entry.object].decode(entry.was)


def check_header(entry: KeyEntry, _: object, published: Mapping[str, bytes]) -> None:
    """Faults in the form of a file show in its first line, but for a file of that line alone."""
    first, _, rest = published[entry.object].decode().partition("\n")
    if entry.kind == "header_only":
        assert rest == ""
        assert int(entry.was) > 0
    else:
        assert entry.is_ in first
        assert not entry.was or entry.was not in first.split(";")


CHECKS: Mapping[str, Any] = {
    "object_missing": check_missing, "window_late": check_late,
    "objects_out_of_order": check_late, "spike": check_count, "clock_skew": check_count,
    "order_leak": check_count, "unit_silent": check_silence, "yesterday_again": check_yesterday,
    "truncated": check_size, "empty": check_size, "copied_under_other_name": check_copy,
    "delivered_again": check_again, "wrong_encoding": check_encoding,
}  # fmt: skip


@given(SCENARIOS, REQUESTS)
def test_what_the_key_does_not_name_keeps_its_bytes(scenario: Scenario, request: Request) -> None:
    cells = spoil_all(scenario, request)
    entries = [entry for cell in cells for entry in cell.entries]
    lines = {(entry.object, entry.line) for entry in entries}
    for cell in cells:
        delivery = clean_delivery(cell.at, cell.unit, request.seed, cell.clean)
        clean = sent(delivery)
        for name, data in sent(cell.delivery).items():
            kinds = {entry.kind for entry in cell.entries} | {
                entry.kind for entry in entries if entry.object == name
            }
            if name not in clean or kinds & MANY_ROWS:
                continue
            right = {line: place for place, line in enumerate(clean[name].split(b"\n"))}
            places = [
                right[line]
                for number, line in enumerate(data.split(b"\n"), 1)
                if (name, number) not in lines
            ]
            assert places == sorted(set(places))
        if not cell.entries:
            assert cell.delivery.entry == delivery.entry._replace(scenario=scenario.name)  # type: ignore[union-attr]


@given(SCENARIOS, REQUESTS)
def test_each_object_is_delivered_by_one_cell_once(scenario: Scenario, request: Request) -> None:
    deliveries = [cell.delivery for cell in spoil_all(scenario, request)]
    now = [new.name for one in deliveries for new in one.objects]
    later = [held.new.name for one in deliveries for held in one.held]
    assert len({*now, *later}) == len(now) + len(later)
    assert {name for one in deliveries for name in one.again} <= {*now}


@given(SCENARIOS, REQUESTS)
def test_a_scenario_makes_the_same_in_any_order_and_in_any_process(
    scenario: Scenario, request: Request
) -> None:
    cells = spoil_all(scenario, request)
    spoiler = ScenarioSpoiler(scenario, request, CATALOG)
    for cell in reversed(cells):
        assert spoiler.spoil(cell.at, cell.unit, cell.clean) == cell.delivery


@given(SCENARIOS, REQUESTS)
def test_the_manifest_has_the_facts_of_what_was_sent(scenario: Scenario, request: Request) -> None:
    """A file that nothing happened to on its way is what the manifest says it is."""
    transported = {name for name, kind in KINDS.items() if kind.origin == "transport"}
    cells = spoil_all(scenario, request)
    on_the_way = {
        entry.object for cell in cells for entry in cell.entries if entry.kind in transported
    }
    for cell in cells:
        files = sent(cell.delivery)
        if cell.delivery.entry is None:
            assert files == {}
            continue
        assert cell.delivery.entry.scenario == scenario.name
        for file in (cell.delivery.entry.orders, cell.delivery.entry.order_items):
            if file.name not in on_the_way:
                data = files[file.name]
                assert (file.size, file.crc32c) == (len(data), crc32c(data))
                assert file.rows == data.count(b"\n") - 1


@given(SCENARIOS, REQUESTS)
@settings(max_examples=40)
def test_the_key_has_what_the_cells_have_and_the_plan_has_where(
    scenario: Scenario, request: Request
) -> None:
    entries = [entry for cell in spoil_all(scenario, request) for entry in cell.entries]
    key = answer_key(scenario, request, CATALOG)
    assert key == answer_key(scenario, request, CATALOG)
    whole = [entry for entry in key if not entry.object.endswith("/")]
    assert whole == [entry for entry in entries if not entry.object.endswith("/")]
    folders = {(entry.fault, entry.object) for entry in key if entry.object.endswith("/")}
    assert len(folders) == len(key) - len(whole)
    planned = {(hit.fault, hit.day, hit.unit) for hit in plan(scenario, request, CATALOG)}
    assert {entry.fault for entry in key} <= {fault for fault, *_ in planned}


def test_the_key_as_a_table_has_a_row_for_each_fault() -> None:
    scenario = scenario_of(fault("decimal_comma", 0.5), fault("other_delimiter", 0.3))
    key = answer_key(scenario, request_of(), CATALOG)
    rows = [*csv.DictReader(io.StringIO(key_csv(key)))]
    assert tuple(rows[0]) == COLUMNS
    assert COLUMNS == (
        "kind", "object", "line", "id", "column", "was", "is", "appears", "layer", "fault",
    )  # fmt: skip
    objects = json.loads(key_json(key))
    assert [{name: str(value) for name, value in one.items()} for one in objects] == rows
    assert [row["is"] for row in rows] == [entry.is_ for entry in key]
    assert key_csv([]) == ",".join(COLUMNS) + "\n"


def test_a_date_of_a_unit_has_one_entry_for_all_its_windows() -> None:
    request = request_of(days=2, units=1)
    key = answer_key(scenario_of(fault("unit_silent", days=2)), request, CATALOG)
    orders = [
        sum(cell.clean.orders for cell in spoil_all(scenario_of(), one))
        for one in (request.on(request.dates[0]), request.on(request.dates[1]))
    ]
    assert [(entry.was, entry.is_) for entry in key] == [(str(count), "0") for count in orders]
    assert [entry.appears.isoformat() for entry in key] == [
        "2026-02-01T10:00:00-03:00", "2026-02-02T10:00:00-03:00",
    ]  # fmt: skip


def test_a_fault_appears_when_its_window_is_published() -> None:
    key = answer_key(scenario_of(fault("unknown_type")), request_of(units=1), CATALOG)
    places = {entry.object: entry.appears for entry in key}
    for name, moment in places.items():
        parsed = parse_sales_name(name)
        assert parsed
        window = next(one for one in CATALOG.windows if one.tag == parsed.window_tag)
        at = WindowOfDay(parsed.day, window)
        assert moment.isoformat() == f"{at.day}T{window.start_hour}:00:00-03:00"


def test_a_seed_hits_the_same_rows_in_every_version() -> None:
    """People keep keys and findings: what a published scenario hits must never change."""
    scenario = scenario_of(
        {"kind": "row_doubled", "count": 2}, {"kind": "unknown_product", "count": 2},
        {"kind": "empty", "count": 1}, {"kind": "unit_silent", "count": 1}, seed=42,
    )  # fmt: skip
    key = answer_key(scenario, request_of(days=3, units=5), CATALOG)
    year = "raw/csv_sales/2026/"
    assert [(one.kind, one.object.removeprefix(year), one.line, one.id[:8]) for one in key] == [
        ("unit_silent", "02/01/unit_001/", 0, ""),
        ("unknown_product", "02/01/unit_003/window_1214/item_pedido.csv", 9, "65f8dfc6"),
        ("row_doubled", "02/01/unit_004/window_1214/pedido.csv", 4, "64af7608"),
        ("row_doubled", "02/01/unit_002/window_1618/pedido.csv", 4, "d377c7f8"),
        ("empty", "02/03/unit_004/window_2022/pedido.csv", 0, ""),
        ("unknown_product", "02/03/unit_001/window_2224/item_pedido.csv", 4, "d7860175"),
    ]
