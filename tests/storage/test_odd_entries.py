"""Entries of a folder that are no objects: they are left and reported, and stop nothing else."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import pipeline
from core.bronze.ingest import list_pending
from core.operations.cleanup.leftovers import Settled, find_leftovers, settle
from core.pipeline import ingest_pending
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.showable import showable
from core.storage.object_names import SALES_PREFIX, day_prefix, quarantine_names
from core.storage.object_store import LocalStore, NewObject, Unreadable
from core.storage.publish import publish
from tests.support.diagnosed import found
from tests.support.scenes import DAY, NOW, count, request, script

pytestmark = pytest.mark.processes

UNIT = f"{day_prefix(DAY)}unit_001/"
ORDERS = f"{UNIT}window_1214/pedido.csv"


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # its whole path is too long for a socket's address
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


ODD: dict[str, tuple[str | bytes, Callable[[Path], object], str, str]] = {
    "dangling link": (
        ".#pedido.csv", lambda path: path.symlink_to("somebody@host.1"), ".#pedido.csv",
        "it is a link to something that is not there",
    ),
    "name that is not UTF-8": (
        b"caf\xe9.csv", lambda path: path.write_bytes(b"x"), "caf\\xe9.csv",
        "its name is not UTF-8",
    ),
    "folder whose name is not UTF-8": (
        b"\xff\xfe", lambda path: path.mkdir(), "\\xff\\xfe/", "its name is not UTF-8",
    ),
    "named pipe": ("a.csv", os.mkfifo, "a.csv", "it is a named pipe, not a file"),
    "socket": ("a.csv", _socket, "a.csv", "it is a socket, not a file"),
    "link to a device": (
        "a.csv", lambda path: path.symlink_to("/dev/zero"), "a.csv", "it is a device, not a file",
    ),
    "link to itself": (
        "a.csv", lambda path: path.symlink_to("a.csv"), "a.csv",
        "it cannot be read: Too many levels of symbolic links",
    ),
    "link to a folder that it stands in": (
        "again", lambda path: path.symlink_to("../.."), "again/",
        "it is a link to a folder that it stands in",
    ),
}  # fmt: skip


@pytest.fixture
def published(platform: Platform) -> Platform:
    pipeline.upload(platform, request("window_1214"), NOW)
    return platform


@pytest.mark.parametrize("kind", ODD)
def test_an_entry_that_is_no_object_is_reported_and_the_rest_is_loaded(
    published: Platform, kind: str
) -> None:
    name, make, shown, reason = ODD[kind]
    folder = published.settings.bucket_folder / UNIT
    make(folder / os.fsdecode(name))
    published.store.replace(NewObject(ORDERS, published.store.read(ORDERS).data))
    done = ingest_pending(published, NOW)
    assert (done.objects, done.left) == (1, (Unreadable(UNIT + shown, reason),))
    lines, strange = pipeline.compare(published, (DAY, DAY), NOW)
    assert {line.verdict for line in lines if line.window_tag == "window_1214"} == {
        Verdict.IN_BRONZE
    }
    assert strange == [(UNIT + shown, reason)]
    finding = found(published, "unreadable")
    assert "1 entry of the bucket cannot be read" in finding.found
    assert finding.objects == (UNIT + shown,)


@pytest.mark.parametrize("year", [1960, 2250, 2300])
def test_a_file_of_any_time_is_loaded_and_can_be_replaced(published: Platform, year: int) -> None:
    at = int(datetime(year, 6, 1, tzinfo=UTC).timestamp()) * 10**9
    orders = published.store.read(ORDERS).data
    os.utime(published.settings.bucket_folder / ORDERS, ns=(at, at))
    assert ingest_pending(published, NOW).objects == 1
    assert ingest_pending(published, NOW).objects == 0
    published.store.replace(NewObject(ORDERS, orders[:-1]))
    assert ingest_pending(published, NOW).objects == 1
    (published.settings.bucket_folder / ORDERS).touch()
    assert ingest_pending(published, NOW).objects == 1
    assert count(published, "bronze.orders") == orders.count(b"\n") - 1 + _others(published)


def _others(platform: Platform) -> int:
    name = ORDERS.replace("unit_001", "unit_002")
    return platform.store.read(name).data.count(b"\n") - 1


def test_a_cells_object_that_cannot_be_read_is_a_mismatch_with_its_reason(
    published: Platform,
) -> None:
    path = published.settings.bucket_folder / ORDERS
    path.unlink()
    os.mkfifo(path)
    lines, strange = pipeline.compare(published, (DAY, DAY), NOW)
    wrong = [line for line in lines if line.name == ORDERS]
    assert [(line.verdict, line.detail) for line in wrong] == [
        (Verdict.MISMATCH, "it is a named pipe, not a file")
    ]
    assert strange == []


def test_the_command_loads_what_it_can_names_what_it_cannot_and_ends_with_1(
    platform: Platform,
) -> None:
    publish(platform.store, request("window_1214"), platform.catalog)
    folder = platform.settings.bucket_folder / UNIT
    (folder / os.fsdecode(b"caf\xe9.csv")).write_bytes(b"x")
    closed = folder / "window_1214" / "item_pedido.csv"
    closed.chmod(0)
    environment = {"MRHEALTH_HOME": str(platform.settings.home)}
    done = script("ingest_pending.py", env=environment, mighty=False)
    assert done.returncode == 1, done.stderr
    assert "Bronze: 3 objects" in done.stdout
    assert f"left: {UNIT}caf\\xe9.csv: its name is not UTF-8" in done.stdout
    assert f"left: {UNIT}window_1214/item_pedido.csv: it cannot be read: Permission denied" in (
        done.stdout
    )
    closed.chmod(0o644)
    (folder / os.fsdecode(b"caf\xe9.csv")).unlink()
    assert script("ingest_pending.py", env=environment).returncode == 0


def test_bad_rows_that_cannot_be_put_into_quarantine_leave_only_their_object(
    published: Platform,
) -> None:
    _, report = quarantine_names(ORDERS)
    (published.settings.bucket_folder / report / "in the way").mkdir(parents=True)
    published.store.replace(NewObject(ORDERS, b"no such columns\n"))
    other = ORDERS.replace("unit_001", "unit_002")
    published.store.replace(NewObject(other, published.store.read(other).data))
    done = ingest_pending(published, NOW)
    assert (done.objects, [entry.name for entry in done.left]) == (1, [ORDERS])
    assert "Is a directory" in done.left[0].reason
    assert [info.name for info in list_pending(published.store, published.warehouse.generations(
        published.store.bucket))] == [ORDERS]  # fmt: skip


@pytest.mark.parametrize("prefix", [SALES_PREFIX, day_prefix(DAY)])
def test_a_linked_folder_is_listed_whatever_the_prefix(
    published: Platform, tmp_path: Path, prefix: str
) -> None:
    before = published.store.list(prefix)
    month = (published.settings.bucket_folder / day_prefix(DAY)).parent
    month.rename(tmp_path / "elsewhere")
    month.symlink_to(tmp_path / "elsewhere")
    assert published.store.list(prefix) == before != []


@pytest.mark.parametrize("levels", ["", "/%Y/%m", "/%Y/%m/%d"])
def test_a_folder_behind_a_link_to_nothing_is_unreadable_and_not_empty(
    published: Platform, levels: str
) -> None:
    part = f"raw/csv_sales{DAY:{levels}}" if levels else "raw/csv_sales"
    link = published.settings.bucket_folder / part
    away = link.with_name("away")
    link.rename(published.settings.home / "elsewhere")
    link.symlink_to(away)
    entry = Unreadable(f"{part}/", "it is a link to something that is not there")
    assert entry in published.store.listing(day_prefix(DAY)).unreadable
    assert list(ingest_pending(published, NOW).left) == [entry]
    assert entry.name in [
        each.name for each in pipeline.compare(published, (DAY, DAY), NOW).unknown
    ]
    assert entry.name in found(published, "unreadable", NOW).objects
    left = find_leftovers(published, (DAY, DAY))
    assert len(left) == 4
    assert all(one.stays.startswith(entry.name) for one in left)
    before = count(published, "bronze.orders")
    assert settle(published, (DAY, DAY)) == Settled(stay=4)
    assert count(published, "bronze.orders") == before


@pytest.mark.parametrize("inside", ["", "one/", "one/two/", "one/two/one/"])
def test_links_that_lead_in_a_circle_are_walked_once(tmp_path: Path, inside: str) -> None:
    store = LocalStore(tmp_path / "bucket")
    store.create([[NewObject("a/x.csv", b"a")], [NewObject("b/y.csv", b"b")]])
    (store.root / "a" / "one").symlink_to("../b")
    (store.root / "b" / "two").symlink_to("../a")
    whole = store.listing("a/")
    below = store.listing(f"a/{inside}")
    assert [info.name for info in whole.objects] == ["a/one/y.csv", "a/x.csv"]
    assert [entry.name for entry in whole.unreadable] == ["a/one/two/"]
    assert below.objects == [info for info in whole.objects if info.name.startswith(f"a/{inside}")]


CHURN = """
import os, sys, shutil
root = sys.argv[1]
print("begun", flush=True)
for number in range(400):
    folder = f"{root}/unit_{number % 7}/window"
    os.makedirs(folder, exist_ok=True)
    for name in ("a.csv", "b.csv", "c.csv"):
        open(f"{folder}/{name}", "w").close()
    shutil.rmtree(f"{root}/unit_{(number + 3) % 7}", ignore_errors=True)
"""


def test_a_listing_while_another_process_deletes_never_fails(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    (tmp_path / "kept.csv").touch()
    with subprocess.Popen(
        [sys.executable, "-c", CHURN, str(tmp_path)], stdout=subprocess.PIPE
    ) as churning:
        assert churning.stdout
        churning.stdout.readline()
        while churning.poll() is None:
            listing = store.listing("")
            assert listing.unreadable == []
            assert "kept.csv" in [info.name for info in listing.objects]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"caf\xc3\xa9 1.csv", "café 1.csv"),
        (b"caf\xe9.csv", "caf\\xe9.csv"),
        (b"a\n\x1b[31m.csv", "a\\n\\x1b[31m.csv"),
        ("\u200b\ud800.csv", "\\u200b\\ud800.csv"),
    ],
)
def test_any_name_can_be_shown(name: bytes | str, shown: str) -> None:
    text = name if isinstance(name, str) else os.fsdecode(name)
    assert showable(text) == shown
    assert showable(text).encode().isascii() or "é" in shown
