"""A day in Parquet: the CSV's rows with types, written once, and refused beside CSV files."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.bronze.events import ObjectEvent, Outcome, deliver
from core.errors import ConflictError, InputError, MixError
from core.generation import csv_files, parquet_files
from core.generation.catalog import Catalog, load_catalog
from core.generation.columns import HEADERS
from core.generation.csv_files import cell_files
from core.generation.parquet_files import day_files
from core.platform import Platform
from core.storage.day_manifest import find_day_manifest
from core.storage.object_names import (
    PARQUET_PREFIX,
    is_parquet_file,
    is_sales_file,
    parquet_manifest_name,
    parquet_name,
    parse_parquet_name,
    quarantine_names,
)
from core.storage.object_store import NewObject, ObjectStore
from core.storage.object_store.checksums import crc32c
from core.storage.publish import Request, publish
from core.storage.publish_parquet import is_complete, publish_day
from tests.project.test_docs import run
from tests.support.scenes import DAY, NOW, ROOT, objects, request

LUNCH, DINNER = "window_1214", "window_1820"
CATALOG = load_catalog()
ITEMS, ORDERS = (parquet_name(kind, DAY) for kind in ("order_items", "orders"))
MANIFEST = parquet_manifest_name(DAY)


def _csv_rows(wanted: Request, kind: str) -> Iterator[list[str | None]]:
    """All rows of a request's CSV files of a kind; empty text is null as in Bronze."""
    for file in cell_files(wanted.cells(), wanted.seed, CATALOG):
        data = file.orders_csv if kind == "orders" else file.items_csv
        lines = csv.reader(io.StringIO(data.decode()), delimiter=";")
        assert tuple(next(lines)) == HEADERS[kind]
        for line in lines:
            yield [value or None for value in line]


def _parquet_rows(data: bytes, kind: str) -> list[list[str | None]]:
    """The rows of a Parquet file as the CSV would write their values."""
    table = pq.read_table(io.BytesIO(data))
    assert tuple(table.column_names) == HEADERS[kind]
    columns = [[_text(value) for value in column.to_pylist()] for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


@settings(max_examples=25)
@given(
    st.lists(st.integers(1, 2**20 - 1), min_size=1, max_size=3, unique=True),
    st.sets(st.sampled_from([window.tag for window in CATALOG.windows])),
    st.dates(date(2010, 1, 1), date(2099, 12, 31)),
    st.integers(0, 2**63 - 1),
)
def test_rows_are_those_of_the_csv_files(
    units: Sequence[int], tags: set[str], day: date, seed: int
) -> None:
    wanted = request(*sorted(tags), units=units, dates=[day], seed=seed, day_orders=(0, 5))
    made = day_files(wanted.cells(), seed, CATALOG)
    for kind, rows in (("orders", made.orders), ("order_items", made.items)):
        found = _parquet_rows(made.data(kind), kind)
        assert found == list(_csv_rows(wanted, kind))
        assert len(found) == rows
    values = [Decimal(row[4] or 0) for row in _parquet_rows(made.orders_data, "orders")]
    assert made.value_cents == 100 * sum(values)


def test_types_are_those_of_bronze_and_only_text_may_lack() -> None:
    made = day_files(request(LUNCH).cells(), 1, CATALOG)
    types = {
        kind: {
            field.name: (str(field.type), field.nullable)
            for field in pq.read_schema(io.BytesIO(made.data(kind)))
        }
        for kind in ("orders", "order_items")
    }
    whole, text, money = ("int64", False), ("string", False), ("decimal128(10, 2)", False)
    assert types["orders"] == {
        "Id_Unidade": whole, "Id_Pedido": text, "Tipo_Pedido": text,
        "Data_Pedido": ("date32[day]", False), "Vlr_Pedido": money,
        "Endereco_Entrega": ("string", True), "Taxa_Entrega": money, "Status": text,
    }  # fmt: skip
    assert types["order_items"] == {
        "Id_Pedido": text, "Id_Item_Pedido": text, "Id_Produto": whole, "Qtd": whole,
        "Vlr_Item": money, "Observacao": ("string", True),
    }  # fmt: skip


def test_the_size_of_blocks_does_not_move_a_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = request(LUNCH, DINNER, units=range(1, 40)).cells()
    whole = day_files(cells, 1, CATALOG)
    monkeypatch.setattr(csv_files, "BLOCK_ROWS", 40)
    monkeypatch.setattr(parquet_files, "BLOCK_ROWS", 40)
    assert day_files(cells, 1, CATALOG) == whole


def test_row_groups_bound_what_a_reader_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = request(units=range(1, 11), day_orders=(3, 3))
    whole = pq.read_table(io.BytesIO(day_files(wanted.cells(), 1, CATALOG).items_data))
    monkeypatch.setattr(parquet_files, "GROUP_ORDERS", 6)
    made = day_files(wanted.cells(), 1, CATALOG)
    groups = pq.ParquetFile(io.BytesIO(made.orders_data)).metadata
    assert [groups.row_group(number).num_rows for number in range(groups.num_row_groups)] == [6] * 5
    assert pq.read_table(io.BytesIO(made.items_data)).equals(whole)


@pytest.mark.both_sides
def test_a_day_is_two_objects_and_a_manifest_and_the_same_again_writes_nothing(
    store: ObjectStore, catalog: Catalog
) -> None:
    wanted = request(LUNCH, DINNER, units=(1, 2, 1250))
    assert not is_complete(store, wanted)
    first = publish_day(store, wanted, catalog)
    tree = objects(store)
    assert set(tree) == {ITEMS, ORDERS, MANIFEST}
    manifest = find_day_manifest(store, DAY)
    assert manifest is not None
    assert manifest.units == (1, 2, 1250)
    assert [part.window_tag for part in manifest.slices] == [LUNCH, DINNER]
    assert [file.crc32c for file in manifest.files.values()] == [
        crc32c(tree[ITEMS]), crc32c(tree[ORDERS]),
    ]  # fmt: skip
    assert (manifest.orders.rows, manifest.order_items.rows) == (first.orders, first.items)
    assert (first.created, first.same, first.replaced) == (2, 0, 0)
    assert first.size == len(tree[ITEMS]) + len(tree[ORDERS])
    before = store.list("raw/")
    assert is_complete(store, wanted)
    again = publish_day(store, wanted, catalog)
    assert (again.created, again.same, again.items) == (0, 2, first.items)
    assert store.list("raw/") == before


@pytest.mark.both_sides
def test_another_request_is_a_conflict_that_writes_nothing_unless_overwritten(
    store: ObjectStore, catalog: Catalog
) -> None:
    publish_day(store, request(LUNCH), catalog)
    before = objects(store)
    other = request(LUNCH, units=(1, 2, 3))
    assert not is_complete(store, other)
    with pytest.raises(ConflictError, match=r"item_pedido\.parquet exists with other content"):
        publish_day(store, other, catalog)
    assert objects(store) == before
    assert publish_day(store, other, catalog, overwrite=True).replaced == 2
    assert is_complete(store, other)
    assert not is_complete(store, request(LUNCH))


@pytest.mark.parametrize(
    "other",
    [
        request(LUNCH, seed=2), request(DINNER), request(LUNCH, DINNER), request(),
        request(LUNCH, units=(2, 1)),
    ],
)  # fmt: skip
def test_a_day_made_from_anything_else_is_not_complete(
    store: ObjectStore, catalog: Catalog, other: Request
) -> None:
    publish_day(store, request(LUNCH), catalog)
    assert not is_complete(store, other)
    with pytest.raises(ConflictError):
        publish_day(store, other, catalog)


@pytest.mark.parametrize("lost", [{MANIFEST}, {ORDERS, MANIFEST}, {ORDERS}, {ITEMS}])
def test_a_publication_that_was_cut_off_is_completed_by_the_next(
    store: ObjectStore, catalog: Catalog, lost: set[str]
) -> None:
    publish_day(store, request(LUNCH), catalog)
    whole = objects(store)
    store.delete(*lost)
    assert not is_complete(store, request(LUNCH))
    published = publish_day(store, request(LUNCH), catalog)
    assert published.created == len(lost - {MANIFEST})
    assert objects(store) == whole


def test_an_object_that_was_changed_is_not_complete(store: ObjectStore, catalog: Catalog) -> None:
    publish_day(store, request(LUNCH), catalog)
    data = bytearray(store.read(ORDERS).data)
    data[100] ^= 1
    store.replace(NewObject(ORDERS, bytes(data)))
    assert not is_complete(store, request(LUNCH))
    with pytest.raises(ConflictError, match=r"/pedido\.parquet exists"):
        publish_day(store, request(LUNCH), catalog)


def test_a_broken_manifest_is_a_conflict_and_overwriting_replaces_it(
    store: ObjectStore, catalog: Catalog
) -> None:
    store.replace(NewObject(MANIFEST, b"{"))
    assert not is_complete(store, request(LUNCH))
    with pytest.raises(ConflictError, match=r"parquet\.json is not a manifest.*Nothing was"):
        publish_day(store, request(LUNCH), catalog)
    publish_day(store, request(LUNCH), catalog, overwrite=True)
    assert is_complete(store, request(LUNCH))


def test_more_dates_than_one_are_refused(store: ObjectStore, catalog: Catalog) -> None:
    two = request(LUNCH, dates=[DAY, DAY + timedelta(days=1)])
    with pytest.raises(InputError, match="one date and 2 were asked for"):
        publish_day(store, two, catalog)
    with pytest.raises(InputError, match="one date and 2 were asked for"):
        is_complete(store, two)


def test_no_orders_at_all_are_files_without_rows(store: ObjectStore, catalog: Catalog) -> None:
    published = publish_day(store, request(units=(1,), day_orders=(0, 0)), catalog)
    assert (published.created, published.orders, published.items) == (2, 0, 0)
    assert _parquet_rows(store.read(ORDERS).data, "orders") == []


@pytest.mark.parametrize("tags", [(LUNCH,), ()])
def test_csv_and_parquet_of_a_unit_and_date_refuse_each_other(
    store: ObjectStore, catalog: Catalog, tags: tuple[str, ...]
) -> None:
    publish(store, request(*tags, units=(2,)), catalog)
    before = objects(store)
    with pytest.raises(MixError, match=r"^Unit 2 has CSV files on 2026-02-03 .*force the mix\.$"):
        publish_day(store, request(LUNCH), catalog, overwrite=True)
    assert objects(store) == before
    publish_day(store, request(LUNCH, units=(1, 3)), catalog)
    with pytest.raises(MixError, match=r"^Unit 3 has Parquet data on 2026-02-03 "):
        publish(store, request(*tags, units=(2, 3)), catalog, overwrite=True)
    assert publish(store, request(*tags, units=(2, 4)), catalog).created == 2
    assert publish(store, request(*tags, units=(1, 3)), catalog, force=True).created == 4


@pytest.mark.parametrize("manifest", [None, b"{", b"[]", b'{"version": 99}'])
def test_a_parquet_day_without_a_readable_manifest_may_have_any_unit(
    store: ObjectStore, catalog: Catalog, manifest: bytes | None
) -> None:
    publish_day(store, request(LUNCH), catalog)
    store.delete(MANIFEST, ORDERS)
    if manifest is not None:
        store.replace(NewObject(MANIFEST, manifest))
    before = objects(store)
    with pytest.raises(MixError, match=r"^Unit 77 has Parquet data"):
        publish(store, request(LUNCH, units=(78, 77)), catalog)
    assert objects(store) == before


@given(st.sampled_from(["orders", "order_items"]), st.dates(date(2010, 1, 1), date(2099, 12, 31)))
def test_names_read_back_and_are_no_csv_files(kind: str, day: date) -> None:
    name = parquet_name(kind, day)
    parsed = parse_parquet_name(name)
    assert parsed is not None
    assert (parsed.kind, parsed.day) == (kind, day)
    assert is_parquet_file(name)
    assert not is_sales_file(name)
    rest = name.removeprefix(PARQUET_PREFIX)
    report = rest.replace(".parquet", "_error.json")
    assert quarantine_names(name) == (f"quarantine/{rest}", f"quarantine/{report}")


@pytest.mark.parametrize(
    "rest",
    ["2026/02/30/pedido.parquet", "2026/2/1/pedido.parquet", "2026/02/01/pedidos.parquet",
     "2026/02/01/unit_001/pedido.parquet", "2026/02/01/pedido.parquet\n", "pedido.parquet"],
)  # fmt: skip
def test_names_outside_the_layout_are_not_read(rest: str) -> None:
    assert parse_parquet_name(PARQUET_PREFIX + rest) is None


def test_its_events_are_left_to_whoever_publishes(platform: Platform) -> None:
    publish_day(platform.store, request(LUNCH), platform.catalog)
    info = platform.store.find(ORDERS)
    assert info is not None
    for batched in (True, False):
        event = ObjectEvent(platform.store.bucket, ORDERS, info.generation, NOW, batched)
        done = deliver(platform, event, NOW)
        assert done.outcome is Outcome.IGNORED
        assert "whoever publishes it" in done.detail
    assert platform.warehouse.tables() == set()


@pytest.mark.nightly  # of the commands of pages, the gate runs those of the README
@pytest.mark.processes
def test_every_command_of_the_page_runs(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "parquet.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```bash\n(.*?)```", page, re.DOTALL)
    answers = [run(command, tmp_path) for command in block.splitlines()]
    assert [done.returncode for done in answers] == [0, 0, 0], answers
    assert "4 of 4 objects are as expected." in answers[1].stdout
    assert "all are equal" in answers[2].stdout
