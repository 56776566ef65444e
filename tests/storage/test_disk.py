"""A disk that refuses: full, read-only or not as it should be. One sentence, and nothing left."""

import re
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.bronze.reference_data import publish_reference
from core.errors import StoreError
from core.pipeline import ingest_pending, rebuild, upload
from core.platform import Platform
from core.settings import Settings
from core.storage.object_store import LocalStore, NewObject
from core.storage.publish import Request, publish
from tests.support.scenes import NOW, embedded, files, request, script, tables

pytestmark = pytest.mark.processes

A = "raw/csv_sales/2026/02/03/unit_001/pedido.csv"
B = "raw/csv_sales/2026/02/03/unit_002/pedido.csv"
C = "raw/csv_sales/2026/02/03/unit_003/pedido.csv"
REFUSED = r"^Cannot use the warehouse \S+: [^\n]*(No space left on device|File too large)\.$"


class Disk:
    """A disk of 16 MB where the machine allows one; else files that may not grow."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
        self.mounted = not subprocess.run(mount, capture_output=True, check=False).returncode

    def remove(self) -> None:
        if self.mounted:
            subprocess.run(["umount", str(self.folder)], check=True)

    @contextmanager
    def with_room(self, size: int) -> Iterator[None]:
        """So many bytes are left; without the right to mount, no file may be longer than that."""
        if not self.mounted:
            before = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
            try:
                yield
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, before)
            return
        state = subprocess.run(
            ["df", "--block-size=1", "--output=avail", str(self.folder)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        filler = self.folder / "filler"
        filler.write_bytes(bytes(int(state.stdout.split()[-1]) - size))
        try:
            yield
        finally:
            filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    disk = Disk(tmp_path / "disk")
    yield disk
    disk.remove()


@pytest.fixture
def full_disk(disk: Disk) -> Iterator[Path]:
    """A folder on a disk with room for 64 kB, or for files of 16 kB."""
    folder = disk.folder / "small"
    folder.mkdir()
    with disk.with_room(64 * 1024 if disk.mounted else 16 * 1024):
        yield folder


@pytest.mark.parametrize("verb", ["create", "replace"])
@pytest.mark.parametrize("size", [70_000, 200_000])
def test_a_full_disk_is_an_error_and_leaves_nothing(full_disk: Path, verb: str, size: int) -> None:
    store = LocalStore(full_disk / "bucket")
    new = NewObject(A, b"x" * size)
    with pytest.raises(StoreError, match=r"^Cannot write .*\.$"):
        store.create([[new]]) if verb == "create" else store.replace(new)
    assert files(full_disk) == {}


def test_a_disk_that_fills_up_keeps_what_was_whole(full_disk: Path) -> None:
    store = LocalStore(full_disk / "bucket")
    store.create([[NewObject(A, b"x" * 8000)]])
    with pytest.raises(StoreError):
        store.create([[NewObject(B, b"y" * 8000)], [NewObject(C, b"z" * 99_000)]])
    assert files(full_disk / "bucket") == {A: b"x" * 8000}


def test_a_full_disk_keeps_the_object_that_was_to_be_replaced(full_disk: Path) -> None:
    store = LocalStore(full_disk / "bucket")
    store.create([[NewObject(A, b"old")]])
    before = store.find(A)
    with pytest.raises(StoreError):
        store.replace(NewObject(A, b"n" * 99_000))
    assert (store.find(A), store.read(A).data) == (before, b"old")


def test_a_file_where_a_folder_should_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "bucket").write_text("not a folder")
    store = LocalStore(tmp_path / "bucket")
    with pytest.raises(StoreError, match=r"^Cannot write to .*bucket: .*\.$"):
        store.create([[NewObject(A, b"one")]])
    assert files(tmp_path) == {"bucket": b"not a folder"}


def test_a_name_longer_than_the_file_system_takes_is_an_error(store: LocalStore) -> None:
    with pytest.raises(StoreError, match="Cannot write"):
        store.replace(NewObject(f"raw/{'x' * 300}.csv", b"one"))
    assert files(store.root) == {}


def _platform(home: Path) -> Platform:
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))


def _published(home: Path) -> tuple[Platform, Request]:
    """A platform whose bucket has everything, and whose warehouse has nothing yet."""
    platform, wanted = _platform(home), request(units=range(1, 9), day_orders=(40, 50))
    publish(platform.store, wanted, platform.catalog)
    publish_reference(platform.store, platform.catalog, 8)
    return platform, wanted


def _undisturbed(home: Path) -> dict[str, list[str]]:
    platform, wanted = _published(home)
    upload(platform, wanted, NOW)
    rebuild(platform)
    return tables(platform)


@pytest.mark.parametrize("room", [0, 20_000, 110_000])
def test_a_warehouse_on_a_full_disk_goes_on_when_there_is_room(
    disk: Disk, tmp_path: Path, room: int
) -> None:
    platform, wanted = _published(disk.folder / "home")
    with disk.with_room(room), pytest.raises(StoreError, match=REFUSED):
        ingest_pending(platform, NOW)
    assert upload(platform, wanted, NOW).ingested.objects == 8 * 2 + 4  # none of them before
    with disk.with_room(room), pytest.raises(StoreError, match=REFUSED):
        rebuild(platform)
    assert all(report.published for report in rebuild(platform))
    assert tables(platform) == _undisturbed(tmp_path / "undisturbed")


@pytest.mark.parametrize(("room", "what"), [(20_000, "run history"), (400_000, "warehouse")])
def test_commands_say_that_the_disk_of_the_home_is_full(disk: Disk, room: int, what: str) -> None:
    platform, _ = _published(disk.folder / "home")
    env = {"MRHEALTH_HOME": str(platform.settings.home)}
    with disk.with_room(room):
        told = script("ingest_pending.py", env=env)
    assert (told.returncode, told.stdout) == (2, "")
    assert re.match(
        rf"error: Cannot use the {what} \S+: .*No space left on device\.\n", told.stderr
    )
    assert told.stderr.count("\n") == 1
    assert script("ingest_pending.py", env=env).returncode == 0
    assert script("build_silver_layer.py", env=env).returncode == 0


def test_a_checkpoint_that_fails_is_an_error_until_the_file_is_opened_anew(disk: Disk) -> None:
    warehouse = embedded(_platform(disk.folder / "home"))

    def checkpoint() -> None:
        with warehouse.writing() as connection:
            connection.execute("CHECKPOINT")

    def disturbed() -> None:
        with warehouse.reading() as connection:  # keeps the file open throughout
            with warehouse.writing() as other:
                other.execute("CREATE TABLE numbers AS SELECT range AS n FROM range(1000)")
            with disk.with_room(0), pytest.raises(StoreError, match="No space left"):
                checkpoint()
            connection.execute("SELECT n FROM numbers")

    with pytest.raises(StoreError, match=r"^Cannot use the warehouse [^\n]* No space left .*\.$"):
        disturbed()
    checkpoint()
    (row,) = warehouse.query("SELECT SUM(n) AS n FROM numbers").to_pylist()
    assert row["n"] == 499_500
