"""`verify` finds whatever is not as it is generated, and measures what is there."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.catalog import Catalog, load_catalog
from core.errors import InputError
from core.manifest import read_manifest
from core.names import SalesName, manifest_name, sales_name
from core.object_store import LocalStore, NewObject
from core.publish import Request, publish
from core.shares import Share
from core.verify import Verification, verify
from tests.samples import days

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "verify.py"
DAY = date(2026, 2, 1)
TAG = "window_1214"
UNITS = tuple(range(1, 6))
ORDERS = sales_name(SalesName("orders", DAY, 2, TAG))
ITEMS = sales_name(SalesName("order_items", DAY, 2, TAG))
MANIFEST = manifest_name(DAY, TAG)


@pytest.fixture
def published(store: LocalStore, catalog: Catalog) -> LocalStore:
    """A bucket with two windows of five units."""
    publish(store, Request((DAY,), catalog.windows[1:3], UNITS), catalog)
    return store


def _replace(store: LocalStore, name: str, old: bytes, new: bytes) -> None:
    data = store.read(name).data
    assert old in data
    store.replace(NewObject(name, data.replace(old, new, 1)))


def _edit(store: LocalStore, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest's JSON."""
    content = json.loads(store.read(MANIFEST).data)
    change(content)
    store.replace(NewObject(MANIFEST, json.dumps(content).encode()))


def _differing(store: LocalStore) -> list[str]:
    return [difference.name for difference in verify(store, load_catalog()).differences]


def _only(store: LocalStore) -> tuple[str, str]:
    """Name and detail of the one difference there is."""
    (difference,) = verify(store, load_catalog()).differences
    return difference.name, difference.detail


def test_what_was_published_is_equal(published: LocalStore, catalog: Catalog) -> None:
    done = verify(published, catalog)
    assert done.differences == ()
    assert (done.manifests, done.cells, done.objects) == (2, 10, 20)
    assert done.size == sum(info.size for info in published.list("raw/csv_sales/"))


def test_each_cell_is_made_with_its_own_seed_and_range(
    published: LocalStore, catalog: Catalog
) -> None:
    # The same window, first overwritten in part with another seed, then with more units.
    publish(published, Request((DAY,), catalog.windows[1:2], (2, 4), 99), catalog, overwrite=True)
    publish(published, Request((DAY,), catalog.windows[1:2], (51, 1250), 7), catalog)
    publish(published, Request((date(2026, 3, 1),), (), (1, 2), 5, (0, 9)), catalog)
    publish(published, Request((date(2026, 3, 1),), (), (3,), 5, (20, 40)), catalog)
    manifest = read_manifest(MANIFEST, published.read(MANIFEST).data)
    assert len({cell.seed for cell in manifest.cells.values()}) == 3
    done = verify(published, catalog)
    assert (done.manifests, done.cells, done.differences) == (3, 15, ())


@pytest.mark.parametrize("name", [ORDERS, ITEMS])
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data + data.splitlines(keepends=True)[-1],
        lambda data: data.replace(b"-", b"_", 1),
        lambda _: b"",
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xff\x00" + data,
    ],
    ids=["cut", "line twice", "a character", "empty", "CRLF", "bytes"],
)
def test_a_changed_object_is_named(
    published: LocalStore, name: str, damage: Callable[[bytes], bytes]
) -> None:
    published.replace(NewObject(name, damage(published.read(name).data)))
    found, detail = _only(published)
    assert found == name
    assert "the object has" in detail
    assert "the manifest says" not in detail


def test_a_value_changed_at_equal_size_is_named(published: LocalStore) -> None:
    size = len(published.read(ORDERS).data)
    status = b"Finalizado" if b"Finalizado" in published.read(ORDERS).data else b"Pendente"
    _replace(published, ORDERS, status, status[::-1])
    assert len(published.read(ORDERS).data) == size
    assert _differing(published) == [ORDERS]


def test_a_missing_object_is_named(published: LocalStore) -> None:
    published.delete(ITEMS)
    found, detail = _only(published)
    assert found == ITEMS
    assert detail.endswith("the object is missing.")


def test_an_object_that_no_manifest_names_is_named(published: LocalStore) -> None:
    stray = sales_name(SalesName("orders", DAY, 77, TAG))
    other = f"raw/csv_sales/{DAY:%Y/%m/%d}/copy.csv"
    published.replace(NewObject(stray, b"x"))
    published.replace(NewObject(other, b"x"))
    assert _differing(published) == sorted([stray, other])


def _set(kind: str | None, key: str, value: object) -> Callable[[dict[str, Any]], None]:
    """A change of the entry of unit 2."""

    def change(content: dict[str, Any]) -> None:
        entry = content["cells"][1]
        assert entry["unit"] == 2
        (entry[kind] if kind else entry)[key] = value

    return change


@pytest.mark.parametrize(
    ("kind", "name"), [("orders", ORDERS), ("order_items", ITEMS)], ids=["orders", "items"]
)
@pytest.mark.parametrize(("key", "value"), [("rows", 77), ("size", 1), ("crc32c", "AAAAAA==")])
def test_a_manifest_that_says_otherwise_is_found(
    published: LocalStore, kind: str, name: str, key: str, value: object
) -> None:
    _edit(published, _set(kind, key, value))
    found, detail = _only(published)
    assert found == name
    assert "the manifest says" in detail
    assert "the object has" not in detail


def test_a_manifest_with_another_value_is_found(published: LocalStore) -> None:
    _edit(published, _set(None, "value_cents", 1))
    found, detail = _only(published)
    assert found == ORDERS
    assert detail.startswith("The manifest says 1 cents")


def test_a_manifest_with_another_seed_is_found(published: LocalStore) -> None:
    _edit(published, _set(None, "seed", 1))
    assert set(_differing(published)) == {ORDERS, ITEMS}


def test_object_and_manifest_changed_together_are_still_found(published: LocalStore) -> None:
    other = LocalStore(published.root.parent / "other")
    catalog = load_catalog()
    publish(other, Request((DAY,), catalog.windows[1:2], UNITS, 99), catalog)
    for info in other.list("raw/"):
        published.replace(NewObject(info.name, other.read(info.name).data))
    assert _differing(published) == []  # another seed, and the manifest says so
    _edit(published, _set(None, "seed", 20260201))
    assert set(_differing(published)) == {ORDERS, ITEMS}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", -1), ("seed", 2**64), ("seed", "1"), ("seed", 1.5), ("orders_max", 2**40),
        ("orders_min", 9), ("orders_min", -1), ("orders_max", None), ("orders_min", True),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_generated_is_found(
    published: LocalStore, key: str, value: object
) -> None:
    _edit(published, _set(None, key, value))
    found, detail = _only(published)
    assert found == MANIFEST
    assert detail == "Its entry of unit 2 cannot be generated."


@pytest.mark.parametrize("unit", [0, -5, 2**20, "2"])
def test_a_unit_that_cannot_be_is_found(published: LocalStore, unit: object) -> None:
    _edit(published, _set(None, "unit", unit))
    assert MANIFEST in _differing(published)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff"])
def test_a_manifest_that_cannot_be_read_is_found_and_the_rest_compared(
    published: LocalStore, data: bytes
) -> None:
    published.replace(NewObject(MANIFEST, data))
    done = verify(published, load_catalog())
    assert done.cells == 5
    assert done.differences[0].name == MANIFEST
    # Its objects are in the bucket, and nothing vouches for them any more.
    assert len(done.differences) == 1 + 2 * len(UNITS)


def test_a_manifest_under_the_name_of_another_is_found(published: LocalStore) -> None:
    wrong = manifest_name(date(2026, 2, 2), TAG)
    published.replace(NewObject(wrong, published.read(MANIFEST).data))
    found, detail = _only(published)
    assert found == wrong
    assert "2026-02-01 window_1214" in detail


def test_only_dates_of_the_range_are_compared(store: LocalStore, catalog: Catalog) -> None:
    for day in days(DAY, 4):
        publish(store, Request((day,), catalog.windows[:1], (1,)), catalog)
    for first, last, count in ((1, 4, 4), (2, 3, 2), (4, 4, 1)):
        done = verify(store, catalog, (DAY.replace(day=first), DAY.replace(day=last)))
        assert done.manifests == count
    store.delete(sales_name(SalesName("orders", DAY, 1, catalog.windows[0].tag)))
    assert verify(store, catalog, (DAY.replace(day=2), DAY.replace(day=4))).differences == ()


def test_nothing_to_compare_is_an_error(store: LocalStore, catalog: Catalog) -> None:
    with pytest.raises(InputError, match="There is no manifest from 2026-02-01 to 2026-02-03"):
        verify(store, catalog, (DAY, date(2026, 2, 3)))
    with pytest.raises(InputError, match="runs backwards"):
        verify(store, catalog, (date(2026, 2, 3), DAY))


def test_progress_is_told(published: LocalStore, catalog: Catalog) -> None:
    told: list[tuple[int, int]] = []
    verify(published, catalog, progress=lambda done, total, _: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_nothing_is_written(published: LocalStore, catalog: Catalog) -> None:
    before = published.list("raw/")
    verify(published, catalog)
    assert published.list("raw/") == before


# --- observed against specified --------------------------------------------------------------


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Verification:
    """50 units for a month: 30,000 orders, with a day of bulk data."""
    catalog = load_catalog()
    store = LocalStore(tmp_path_factory.mktemp("month"))
    units = tuple(range(1, 51))
    publish(store, Request(tuple(days(DAY, 28)), catalog.windows, units), catalog)
    publish(store, Request((date(2026, 3, 1),), (), units), catalog)
    return verify(store, catalog)


def _of(shares: Sequence[Share], subject: str) -> dict[str, Share]:
    return {share.value: share for share in shares if share.subject == subject}


def test_every_claimed_share_is_in_the_report(month: Verification, catalog: Catalog) -> None:
    assert month.differences == ()
    specified = {
        subject: {value: round(share.specified, 6) for value, share in found.items()}
        for subject in ("order type", "status", "items an order", "quantity", "note", "customers")
        if (found := _of(month.shares, subject))
    }
    assert specified == {
        "order type": {"Loja Online": 60, "Loja Fisica": 40},
        "status": {"Finalizado": 85, "Pendente": 10, "Cancelado": 5},
        "items an order": dict.fromkeys("12345", 20),
        "quantity": {"1": 65, "2": 25, "3": 10},
        "note": {"filled": 30, "empty": 70},
        "customers": {"regular": 50, "occasional": 35, "rare": 15},
    }
    volumes = {
        value: share.specified for value, share in _of(month.shares, "orders a cell").items()
    }
    middles = {w.tag: (w.min_orders + w.max_orders) / 2 for w in catalog.windows}
    assert volumes == {**middles, "whole day": 30}
    families = _of(month.shares, "product family")
    assert set(families) == {product.family for product in catalog.products}
    assert sum(share.specified for share in families.values()) == pytest.approx(100)


def test_what_is_generated_is_as_specified(month: Verification) -> None:
    # Beyond 5 standard deviations: six in ten million for each of some 35 figures.
    assert len(month.shares) >= 34
    assert {share for share in month.shares if abs(share.z) > 5} == set()


def test_shares_of_a_subject_are_all_of_it(month: Verification) -> None:
    for subject in {share.subject for share in month.shares} - {"orders a cell"}:
        found = _of(month.shares, subject)
        assert sum(share.observed for share in found.values()) == pytest.approx(100)
    cells = _of(month.shares, "orders a cell").values()
    orders = sum(round(share.observed * share.count) for share in cells)
    assert 27_000 < orders < 31_000
    assert {share.count for share in _of(month.shares, "status").values()} == {orders}


def test_shares_are_those_of_the_objects_not_of_the_plan(store: LocalStore) -> None:
    catalog = load_catalog()
    publish(store, Request((DAY,), (), (1,), day_orders=(400, 400)), catalog)
    name = sales_name(SalesName("orders", DAY, 1, None))
    data = store.read(name).data.replace(b";Pendente\n", b";Finalizado\n")
    store.replace(NewObject(name, data.replace(b";Cancelado\n", b";Finalizado\n")))
    done = verify(store, catalog)
    status = _of(done.shares, "status")
    assert [share.observed for share in status.values()] == [100, 0, 0]
    # 400 of 400 where 340 are expected, with a deviation of sqrt(400 * 0.85 * 0.15) = 7.14.
    assert status["Finalizado"].z == pytest.approx(60 / math.sqrt(51))
    assert status["Cancelado"].z == pytest.approx(-20 / math.sqrt(19))
    assert _of(done.shares, "orders a cell")["whole day"].z == 0


def test_families_are_scored_by_the_menu_of_their_window(store: LocalStore) -> None:
    catalog = load_catalog()
    dinner = catalog.windows[4]
    publish(store, Request((DAY,), (dinner,), tuple(range(1, 201))), catalog)
    weights = dict.fromkeys(catalog.appetite, 0)
    for product in catalog.products:
        weights[product.family] += product.popularity * catalog.appetite[product.family][18]
    families = _of(verify(store, catalog).shares, "product family")
    assert set(families) == set(weights)
    for family, share in families.items():
        chance = weights[family] / sum(weights.values())
        assert share.specified == pytest.approx(100 * chance)
        deviation = 100 * math.sqrt(chance * (1 - chance) / share.count)  # of a binomial share
        assert share.z == pytest.approx((share.observed - share.specified) / deviation)


def test_a_number_of_orders_that_cannot_be_has_an_infinite_score(store: LocalStore) -> None:
    catalog = load_catalog()
    publish(store, Request((DAY,), (), (1,), day_orders=(4, 4)), catalog)
    name = sales_name(SalesName("orders", DAY, 1, None))
    store.replace(NewObject(name, b"".join(store.read(name).data.splitlines(keepends=True)[:-1])))
    assert _of(verify(store, catalog).shares, "orders a cell")["whole day"].z == -math.inf


def test_empty_files_have_no_shares(store: LocalStore) -> None:
    catalog = load_catalog()
    publish(store, Request((DAY,), (), (1, 2), day_orders=(0, 0)), catalog)
    done = verify(store, catalog)
    assert done.differences == ()
    assert [(share.subject, share.observed, share.z) for share in done.shares] == [
        ("orders a cell", 0, 0)
    ]


# --- the command -----------------------------------------------------------------------------


def _run(*options: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *options],
        capture_output=True, text=True, check=False, cwd=home.parent,
        env={**os.environ, "MRHEALTH_HOME": str(home)},
    )  # fmt: skip


@pytest.fixture
def bucket(home: Path, catalog: Catalog) -> LocalStore:
    """The configured bucket, with two windows."""
    store = LocalStore(home / "bucket")
    publish(store, Request((DAY,), catalog.windows[1:3], UNITS), catalog)
    return store


@pytest.mark.usefixtures("bucket")
def test_the_command_says_that_all_is_equal(home: Path) -> None:
    done = _run(home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "20 objects" in done.stdout
    assert done.stdout.endswith(": all are equal.\n")
    assert "Loja Online" in done.stdout
    assert _run("--bucket", "--from", "2026-02-01", "--to", "2026-02-01", home=home).returncode == 0


def test_the_command_names_what_differs(home: Path, bucket: LocalStore) -> None:
    bucket.delete(ORDERS)
    done = _run("--date", "2026-02-01", home=home)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"DIFFERENT {ORDERS}: " in done.stdout
    assert done.stdout.endswith(": 1 difference.\n")


def test_the_command_looks_into_an_output_folder(home: Path, catalog: Catalog) -> None:
    output = LocalStore(home.parent / "output", hidden="raw/")
    publish(output, Request((DAY,), catalog.windows[:1], UNITS), catalog)
    assert (home.parent / "output" / "csv_sales").is_dir()
    assert _run("--output-dir", "output", home=home).returncode == 0
    name = sales_name(SalesName("orders", DAY, 3, catalog.windows[0].tag))
    output.path(name).write_bytes(b"x")
    done = _run("--output-dir", "output", home=home)
    assert done.returncode == 1
    assert name in done.stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--from", "2026-02-30"], "2026-02-30"),
        (["--from", "2026-02-02", "--to", "2026-02-01"], "runs backwards"),
        (["--from", "2027-01-01"], "There is no manifest"),
        (["--output-dir", "nowhere"], "There is no manifest"),
        (["--bucket", "--output-dir", "output"], "not allowed with"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_bad_input_is_one_sentence(
    home: Path, bucket: LocalStore, options: list[str], sentence: str
) -> None:
    before = bucket.list("raw/")
    done = _run(*options, home=home)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert bucket.list("raw/") == before
    assert not (home.parent / "nowhere").exists()


def test_the_command_explains_itself(home: Path) -> None:
    done = _run("--help", home=home)
    assert done.returncode == 0
    assert "examples:" in done.stdout
    assert "python scripts/verify.py" in done.stdout
