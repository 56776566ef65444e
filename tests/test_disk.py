"""A disk that refuses: full, read-only or not as it should be. One sentence, and nothing left."""

import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import StoreError
from core.object_store import LocalStore, NewObject
from tests.scenes import files

A = "raw/csv_sales/2026/02/03/unit_001/pedido.csv"
B = "raw/csv_sales/2026/02/03/unit_002/pedido.csv"
C = "raw/csv_sales/2026/02/03/unit_003/pedido.csv"


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB where the machine allows one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        yield from _small_files(folder)
        return
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _small_files(folder: Path) -> Iterator[Path]:
    """Without the right to mount: no file may grow beyond 16 kB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 * 1024, before[1]))
    yield folder
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


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
